using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Classification;

/// <summary>
/// A network of one 3×3 convolution and a dense layer over the mean of its maps, and the same in double precision by nested loops, over
/// any picture: what the dense layer says at each place, averaged over the places.
/// </summary>
sealed class TinyClassifier : IDisposable
{
    const int Maps = 4;

    readonly double[] _kernel, _weight, _bias;

    public TinyClassifier(int size, int resize, int seed, int classes = 3)
    {
        Network = Network.Create(new NetworkBuilder().Input(3, size, size).Conv(Maps, 3, padding: 1).Relu().GlobalAveragePool().Dense(classes).Build($"Tiny{seed}"));
        Network.Preprocessing = new(resize, size, size) { Mean = [0.4f, 0.5f, 0.6f], Deviation = [0.2f, 0.3f, 0.25f] };
        var offset = 1000 * seed;
        foreach (var tensor in Network.Parameters.Tensors)
        {
            TestNetworks.Pattern(tensor.Edit().Length, offset).CopyTo(tensor.Edit());
            offset += 77;
        }
        // All logits of a mean are close to each other; the larger the weights, the less are they.
        foreach (ref var weight in Network.Parameters["fc.weight"].Edit()) weight *= 3;
        (_kernel, _weight, _bias) = (Read(0), Read(1), Read(2));
    }

    public Network Network { get; }

    public int Classes => _bias.Length;

    public void Dispose() => Network.Dispose();

    /// <summary>The logits of a picture that is given pixel by pixel, from 0 to 255, by channel, row and column.</summary>
    public double[] Logits(Func<int, int, int, byte> pixel, int height, int width)
    {
        var (mean, deviation) = (Network.Preprocessing.Mean, Network.Preprocessing.Deviation);
        double Value(int channel, int y, int x) =>
            y < 0 || x < 0 || y >= height || x >= width ? 0 : (pixel(channel, y, x) / 255.0 - mean[channel]) / deviation[channel];
        var logits = new double[Classes];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var map = 0; map < Maps; map++)
                {
                    var sum = 0.0;
                    for (var tap = 0; tap < 27; tap++)
                        sum += _kernel[27 * map + tap] * Value(tap / 9, y + tap / 3 % 3 - 1, x + tap % 3 - 1);
                    for (var index = 0; index < Classes; index++) logits[index] += _weight[Maps * index + map] * Math.Max(0, sum);
                }
        for (var index = 0; index < Classes; index++) logits[index] = logits[index] / (height * width) + _bias[index];
        return logits;
    }

    double[] Read(int tensor) => [.. Network.Parameters.Tensors[tensor].Read().ToArray().Select(value => (double)value)];
}
