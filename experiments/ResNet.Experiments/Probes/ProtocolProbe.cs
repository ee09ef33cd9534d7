using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;

namespace ResNet.Experiments.Probes;

/// <summary>Counts the right answers by the testing protocols of He et al. 2015, section 3.4, of each network and of all as an ensemble.</summary>
/// <remarks>The mean is that of logits.</remarks>
public sealed class ProtocolProbe : Probe
{
    /// <summary>Columns of the table: the protocol as an index of <see cref="Protocols"/>, images, and of these the ones that are right.</summary>
    public const string Protocol = "protocol", Images = "images", Top1 = "top-1", Top5 = "top-5";

    // Below the sides of ImageNet's crops, the paper's scales would be several times as long as the pictures.
    const int LeastSideOfScales = 224;

    /// <summary>The protocols' names, from the cheapest on.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["one crop", "flip", "10-crop", "multi-scale"];

    /// <inheritdoc/>
    public override string Name => "protocols";

    /// <inheritdoc/>
    /// <remarks>1 + 2 + 10 + 2 · (0.875² + 1 + 1.125² + 1.25²) views of a crop's size, by each network and by the ensemble of all.</remarks>
    public override double Passes => 2 * 22.2;

    /// <inheritdoc/>
    public override ProbeTable Measure(Network network, ImageDataset dataset, CancellationToken cancellationToken = default) =>
        Evaluate([network], dataset, cancellationToken);

    /// <inheritdoc/>
    public override ProbeTable MeasureTogether(IReadOnlyList<Network> networks, ImageDataset dataset, CancellationToken cancellationToken) =>
        Evaluate(networks, dataset, cancellationToken);

    /// <summary>
    /// The protocols for a network. Where the preprocessing leaves no margin around the crop, as CIFAR's does not, pictures are resized to an
    /// eighth more for ten crops; and the scales of small inputs are from seven eighths of the side to ten.
    /// </summary>
    /// <param name="preprocessing">The network's preprocessing.</param>
    public static IReadOnlyList<TestProtocol> ProtocolsOf(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var side = Math.Min(preprocessing.Height, preprocessing.Width);
        return
        [
            TestProtocol.CenterCrop,
            TestProtocol.Flip,
            preprocessing.Resize > side ? TestProtocol.TenCrop : TestProtocol.TenCropOf(Eighths(9)),
            side >= LeastSideOfScales ? TestProtocol.MultiScale : TestProtocol.MultiScaleOf(Eighths(7), side, Eighths(9), Eighths(10)),
        ];

        int Eighths(int count) => Math.Max(1, side * count / 8);
    }

    static ProbeTable Evaluate(IReadOnlyList<Network> networks, ImageDataset dataset, CancellationToken cancellationToken)
    {
        using var ensemble = new Ensemble(networks);
        var rows = new List<double[]>();
        foreach (var (index, protocol) in ProtocolsOf(networks[0].Preprocessing).Index())
        {
            if (!ensemble.Takes(protocol, out _)) continue;
            var result = Evaluator.Evaluate(ensemble, dataset, new() { Protocol = protocol }, cancellationToken);
            rows.Add([index, result.Images, result.Top1, result.Top5]);
        }
        return new([Protocol, Images, Top1, Top5], rows);
    }
}
