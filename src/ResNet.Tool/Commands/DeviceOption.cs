using System.CommandLine;
using System.Globalization;
using ResNet.Runtime;

namespace ResNet.Tool.Commands;

/// <summary>The options that say what a command computes on: <c>--device</c> and <c>--threads</c>.</summary>
sealed class DeviceOption
{
    readonly Option<(string Kind, int Index)> _device = new("--device")
    {
        Description = "What computes: cpu, cuda or opencl; the n-th of several with cuda:n or opencl:n",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => ("cpu", 0),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var parts = text.ToLowerInvariant().Split(':');
            if (parts is ["cpu"] or ["cuda"] or ["opencl"]) return (parts[0], 0);
            if (parts is ["cuda" or "opencl", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return (parts[0], index);
            result.AddError($"--device: expected cpu, cuda, opencl, cuda:n or opencl:n, found \"{text}\"");
            return default;
        },
    };

    readonly Option<int> _threads = CommonOptions.Threads();

    /// <summary>Adds the options to a command.</summary>
    public DeviceOption(Command command)
    {
        _device.CompletionSources.Add("cpu", "cuda", "opencl");
        command.Options.Add(_device);
        command.Options.Add(_threads);
    }

    /// <summary>Opens the device that a command line names; the caller disposes it.</summary>
    /// <exception cref="GpuException">There is no such device; the message is for users.</exception>
    public Device Open(ParseResult parsed) => parsed.GetValue(_device) switch
    {
        ("cuda", var index) => GpuDevice.Cuda(index),
        ("opencl", var index) => GpuDevice.OpenCL(index),
        _ => new CpuDevice(parsed.GetValue(_threads)),
    };
}
