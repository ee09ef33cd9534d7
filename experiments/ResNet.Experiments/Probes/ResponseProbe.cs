using ResNet.Experiments.Networks;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Probes;

/// <summary>
/// The standard deviation of the response of each 3×3 layer (He et al. 2015, Figure 7): of its outputs after batch normalization, before the
/// ReLU and the addition, over images, channels and positions.
/// </summary>
/// <remarks>It is measured in inference: normalization uses the running statistics.</remarks>
public sealed class ResponseProbe : Probe
{
    /// <summary>Columns of the table.</summary>
    public const string Layer = "layer", Deviation = "deviation";

    const int Images = 128, Batch = 16;

    /// <inheritdoc/>
    public override string Name => "responses";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No 3×3 layer of the network is followed by batch normalization.</exception>
    public override ProbeTable Measure(Network network, ImageDataset dataset, CancellationToken cancellationToken = default) => Measure(network, ProbeImages.Take(network, dataset, Images).Images);

    /// <summary>Measures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">images × channels × height × width, normalized.</param>
    public static ProbeTable Measure(Network network, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        var definition = LayerTree.WithResponses(network.Definition);
        var known = network.Definition.Layers().Where(row => row.Layer is Dsl.Tap).Select(row => row.Layer.Name).ToHashSet();
        string[] taps = [.. definition.Layers().Where(row => row.Layer is Dsl.Tap && !known.Contains(row.Layer.Name)).Select(row => row.Layer.Name)];
        if (taps.Length == 0) throw new ArgumentException($"{network.Definition.Name} has no 3×3 layer that is followed by batch normalization", nameof(network));
        using var tapped = LayerTree.Copy(network, definition);
        var moments = taps.ToDictionary(tap => tap, _ => new Moments());
        for (var first = 0; first < images.Shape[0]; first += Batch)
            foreach (var (tap, value) in tapped.Features(Part(images, first, Math.Min(Batch, images.Shape[0] - first)), taps))
                moments[tap].Add(value.Data);
        return new([Layer, Deviation], [.. taps.Select((tap, index) => (double[])[index + 1, moments[tap].Deviation])]);
    }

    static Tensor Part(Tensor images, int first, int count)
    {
        var length = images.Data.Length / images.Shape[0];
        return new(images.Data.Slice(first * length, count * length).ToArray(), [count, .. images.Shape[1..]]);
    }

    /// <summary>Count, sum and sum of squares of values.</summary>
    sealed class Moments
    {
        long _count;
        double _sum, _squares;

        public double Deviation => Math.Sqrt(Math.Max(0, _squares / _count - Math.Pow(_sum / _count, 2)));

        public void Add(ReadOnlySpan<float> values)
        {
            _count += values.Length;
            foreach (var value in values)
            {
                _sum += value;
                _squares += (double)value * value;
            }
        }
    }
}
