using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>
/// The options that say what a command computes on, and how: <c>--device</c>, <c>--precision</c>, <c>--threads</c> and
/// <c>--convolution</c>.
/// </summary>
sealed class DeviceOption
{
    static readonly Dictionary<string, ConvolutionAlgorithm> _algorithms =
        Enum.GetValues<ConvolutionAlgorithm>().ToDictionary(algorithm => algorithm.ToString().ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);

    static readonly Dictionary<string, Precision> _precisions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["single"] = Precision.Single,
        ["tf32"] = Precision.TensorFloat32,
        ["bf16"] = Precision.BFloat16,
    };

    readonly Option<Choice> _device = new("--device")
    {
        Description = "What computes: cpu, cuda or opencl; the n-th of several with cuda:n or opencl:n",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => new("cpu", 0),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var parts = text.ToLowerInvariant().Split(':');
            if (parts is ["cpu"] or ["cuda"] or ["opencl"]) return new(parts[0], 0);
            if (parts is ["cuda" or "opencl", var number] && StrictNumber.TryParse<int>(number, out var index) && index >= 0)
                return new(parts[0], index);
            result.AddError($"--device: expected cpu, cuda, opencl, cuda:n or opencl:n, found \"{text}\"");
            return default;
        },
    };

    readonly Option<Precision> _precision = CommonOptions.OneOf("--precision", "PRECISION", _precisions, Precision.Single,
        "What CUDA rounds the operands of convolutions to: single (not at all), tf32 or bf16, for tensor cores");

    readonly Option<int> _threads = CommonOptions.Threads();

    readonly Option<ConvolutionAlgorithm> _convolution = CommonOptions.OneOf("--convolution", "ALGORITHM", _algorithms, ConvolutionAlgorithm.Automatic,
        "How the processor convolves: automatic, direct (the smallest rounding errors), winograd2x2 or winograd4x4 where they apply");

    /// <summary>Adds the options to a command.</summary>
    public DeviceOption(Command command)
    {
        _device.CompletionSources.Add("cpu", "cuda", "opencl");
        command.Options.Add(_device);
        command.Options.Add(_precision);
        command.Options.Add(_threads);
        command.Options.Add(_convolution);
    }

    /// <summary>Opens the device that a command line names; the caller disposes it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usualThreads">Threads of the processor if nothing is said; 0 for one per core.</param>
    /// <exception cref="GpuException">There is no such device, or it lacks the precision; the message is for users.</exception>
    /// <exception cref="ToolException">Devices of this kind lack the precision.</exception>
    public Device Open(ParseResult parsed, int usualThreads = 0) => parsed.GetValue(_device) switch
    {
        ("cuda", var index) => GpuDevice.Cuda(index, parsed.GetValue(_precision)),
        (var kind, _) when parsed.GetValue(_precision) is not Precision.Single =>
            throw new ToolException($"--precision: tensor cores are CUDA's: with --device {kind} there is single alone"),
        ("opencl", var index) => GpuDevice.OpenCL(index),
        _ => new CpuDevice(parsed.GetValue(_threads) is > 0 and var threads ? threads : usualThreads, parsed.GetValue(_convolution)),
    };

    /// <summary>A device of a kind.</summary>
    /// <param name="Kind">The name of the kind in <c>--device</c>.</param>
    /// <param name="Index">Which one of its kind.</param>
    readonly record struct Choice(string Kind, int Index)
    {
        public override string ToString() => Kind;
    }
}
