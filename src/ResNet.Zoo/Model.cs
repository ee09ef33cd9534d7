using System.Reflection;
using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Zoo;

/// <summary>A network of the zoo: its compiled class, its architecture at other sizes, and the weights that are published for it.</summary>
public sealed class Model
{
    readonly Func<Device?, Network> _compiled;

    internal Model(string name, string description, Type compiledClass, Func<Device?, Network> compiled, Pretrained? pretrained) =>
        (Name, Description, CompiledClass, _compiled, Pretrained) = (name, description, compiledClass, compiled, pretrained);

    /// <summary>The name, torchvision's where there is one: <c>resnet50</c>.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Description { get; }

    /// <summary>The class that the compiler has written the network's passes for.</summary>
    public Type CompiledClass { get; }

    /// <summary>The weights that are published for it; null if there are none.</summary>
    public Pretrained? Pretrained { get; }

    /// <summary>The architecture, by default that of <see cref="CompiledClass"/>.</summary>
    /// <param name="classes">Length of the output.</param>
    /// <param name="inputSize">Rows and columns of an input image.</param>
    /// <param name="inputChannels">Channels of an input image.</param>
    /// <exception cref="NetworkException">A value is out of range.</exception>
    public NetworkDefinition Define(int? classes = null, (int Height, int Width)? inputSize = null, int? inputChannels = null)
    {
        var architecture = Architecture();
        if (classes is { } length) architecture.Classes = length;
        if (inputSize is var (height, width)) (architecture.ImageHeight, architecture.ImageWidth) = (height, width);
        if (inputChannels is { } channels) architecture.InputChannels = channels;
        return architecture.Define(CompiledClass.Name);
    }

    /// <summary>
    /// Creates the network with random weights: an instance of <see cref="CompiledClass"/> or, for another size, a network of the same
    /// form that is planned at run time.
    /// </summary>
    /// <param name="classes">Length of the output.</param>
    /// <param name="inputSize">Rows and columns of an input image.</param>
    /// <param name="inputChannels">Channels of an input image.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <exception cref="NetworkException">A value is out of range.</exception>
    public Network Create(int? classes = null, (int Height, int Width)? inputSize = null, int? inputChannels = null, Device? device = null)
    {
        var definition = Define(classes, inputSize, inputChannels);
        return definition == Define() ? _compiled(device) : Network.Create(definition, device, Architecture().Recompute);
    }

    /// <summary>
    /// Creates the network with the published weights, downloading them first if they are not in the user's cache folder. For other
    /// classes the last layer is new and random, to be trained. For one input channel, the first convolution sums the weights of the three.
    /// </summary>
    /// <param name="classes">Length of the output; ImageNet's thousand classes by default.</param>
    /// <param name="inputSize">Rows and columns of an input image.</param>
    /// <param name="inputChannels">Channels of an input image: 3 or 1.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <param name="options">Cache folder, address, offline mode; the defaults where null.</param>
    /// <param name="progress">Receives the progress after every piece of the download.</param>
    /// <param name="cancellationToken">Interrupts the download; the received part is kept for the next time.</param>
    /// <exception cref="InvalidOperationException">No weights are published for this model.</exception>
    /// <exception cref="ArgumentException">The published weights do not take that number of channels.</exception>
    /// <exception cref="NetworkException">A value is out of range.</exception>
    /// <exception cref="WeightsException">The weights cannot be had.</exception>
    public async Task<Network> CreatePretrainedAsync(
        int? classes = null, (int Height, int Width)? inputSize = null, int? inputChannels = null, Device? device = null,
        PublishedWeightsOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Pretrained is null) throw new InvalidOperationException($"No weights are published for {Name}");
        if (inputChannels is not (null or 1 or 3))
            throw new ArgumentException($"The published weights are for 3 channels or, summed, for 1; found {inputChannels}", nameof(inputChannels));
        var network = Create(classes, inputSize, device: device);
        try
        {
            var keepsHead = network.Definition.Output.Channels == Pretrained.Labels.Count;
            await network.LoadPublishedAsync(Name, options, progress, replaceHead: !keepsHead, cancellationToken).ConfigureAwait(false);
            if (inputChannels == 1)
            {
                using var colored = network;
                network = Create(classes, inputSize, inputChannels, device);
                CopyGrey(colored.Parameters, network.Parameters);
                if (keepsHead) network.Labels = Pretrained.Labels;
            }
            else if (network.Definition == Define())
            {
                network.Metrics = new Dictionary<string, double> { ["top1"] = Pretrained.Top1, ["top5"] = Pretrained.Top5 };
            }
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Copies weights; those that read three channels, which of a gray picture are equal, become their sum.</summary>
    static void CopyGrey(Parameters colored, Parameters grey)
    {
        foreach (var from in colored.Tensors)
            grey[from.Name].Edit(to =>
            {
                var values = from.Read();
                if (to.Length == values.Length)
                {
                    values.CopyTo(to);
                    return;
                }
                var plane = from.Shape[2] * from.Shape[3];
                to.Clear();
                for (var i = 0; i < values.Length; i++) to[i / (3 * plane) * plane + i % plane] += values[i];
            });
    }

    /// <summary>The architecture that the class is declared with; a new one each time, open to change.</summary>
    ArchitectureAttribute Architecture() => CompiledClass.GetCustomAttribute<ArchitectureAttribute>()!;
}
