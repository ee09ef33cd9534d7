using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(16, 8, 8, 3, 2, 1, false), InlineData(20, 7, 9, 2, 2, 0, false), InlineData(33, 5, 5, 3, 1, 1, false)]
    [InlineData(16, 8, 8, 3, 2, 0, true), InlineData(16, 7, 7, 2, 2, 1, true), InlineData(1, 6, 10, 5, 3, 2, true), InlineData(16, 4, 4, 1, 2, 0, false)]
    public void Equals_the_definition(int channels, int height, int width, int kernel, int stride, int padding, bool ceiling)
    {
        const int batch = 2;
        var geometry = new PoolGeometry(kernel, stride, padding);
        var (outHeight, outWidth) = (Size(height), Size(width));
        var values = Values.Random(batch * channels * height * width, 1);
        // All below zero: padding must not win a maximum.
        for (var i = 0; i < values.Length; i++) values[i] -= 2;
        using var input = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, values);
        using var output = new TestTensor(ActivationLayout.Blocked(channels, outHeight, outWidth, 1), batch);
        var (maxima, means) = Expected();

        for (var parts = 1; parts <= 4; parts++)
        {
            for (var part = 0; part < parts; part++) Pooling.Max(input.FeatureMaps, output.FeatureMaps, geometry, batch, part, parts);
            AssertEqual(maxima, output);
            for (var part = 0; part < parts; part++) Pooling.Average(input.FeatureMaps, output.FeatureMaps, geometry, batch, part, parts);
            AssertEqual(means, output);
        }

        // PyTorch: with ceiling, a window must still begin inside the image or the padding before it.
        int Size(int size)
        {
            var room = size + 2 * padding - kernel;
            var count = (ceiling ? (room + stride - 1) / stride : room / stride) + 1;
            return ceiling && (count - 1) * stride >= size + padding ? count - 1 : count;
        }

        (double[], double[]) Expected()
        {
            List<double> max = [], mean = [];
            for (var plane = 0; plane < batch * channels; plane++)
                for (var y = 0; y < outHeight; y++)
                    for (var x = 0; x < outWidth; x++)
                    {
                        double most = double.NegativeInfinity, sum = 0, count = 0;
                        for (var yy = y * stride - padding; yy < Math.Min(y * stride - padding + kernel, height + padding); yy++)
                            for (var xx = x * stride - padding; xx < Math.Min(x * stride - padding + kernel, width + padding); xx++)
                            {
                                count++;
                                if (yy < 0 || xx < 0 || yy >= height || xx >= width) continue;
                                var value = values[(plane * height + yy) * width + xx];
                                most = Math.Max(most, value);
                                sum += value;
                            }
                        max.Add(most);
                        mean.Add(sum / count);
                    }
            return ([.. max], [.. mean]);
        }
    }

    [Theory]
    [InlineData(16, 7, 7), InlineData(40, 1, 1), InlineData(5, 3, 8)]
    public void Global_average_is_the_mean_of_each_channel(int channels, int height, int width)
    {
        const int batch = 3;
        var values = Values.Random(batch * channels * height * width, 1);
        using var input = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, values);
        using var output = new TestTensor(ActivationLayout.Blocked(channels, 1, 1), batch);
        for (var part = 0; part < 4; part++) Pooling.GlobalAverage(input.FeatureMaps, output.FeatureMaps, batch, part, 4);
        AssertEqual([.. values.Select(value => (double)value).Chunk(height * width).Select(plane => plane.Average())], output);
    }

    [Fact]
    public void A_NaN_wins_every_maximum_that_sees_it()
    {
        var values = new float[16];
        values[5] = float.NaN;
        using var input = new TestTensor(ActivationLayout.Blocked(1, 4, 4), 1, values);
        using var output = new TestTensor(ActivationLayout.Blocked(1, 2, 2), 1);
        Pooling.Max(input.FeatureMaps, output.FeatureMaps, new(2, 2), 1, 0, 1);
        Assert.Equal([float.NaN, 0, 0, 0], output.ToArray());
    }

    [Fact]
    public void Windows_that_do_not_fit_are_refused()
    {
        using var input = new TestTensor(ActivationLayout.Blocked(16, 8, 8), 1);
        using var output = new TestTensor(ActivationLayout.Blocked(16, 4, 4), 1);
        using var narrow = new TestTensor(ActivationLayout.Blocked(8, 4, 4), 1);
        Assert.Throws<ArgumentException>(() => Pooling.Max(input.FeatureMaps, output.FeatureMaps, new(2, 2, 2), 1, 0, 1));
        Assert.Throws<ArgumentException>(() => Pooling.Max(input.FeatureMaps, output.FeatureMaps, new(2, 0), 1, 0, 1));
        Assert.Throws<ArgumentException>(() => Pooling.Max(input.FeatureMaps, output.FeatureMaps, new(3, 3), 1, 0, 1));
        Assert.Throws<ArgumentException>(() => Pooling.Average(input.FeatureMaps, narrow.FeatureMaps, new(2, 2), 1, 0, 1));
        Assert.Throws<ArgumentException>(() => Pooling.GlobalAverage(input.FeatureMaps, output.FeatureMaps, 1, 0, 1));
    }

    static void AssertEqual(double[] expected, TestTensor tensor)
    {
        tensor.AssertInvariants();
        var actual = tensor.ToArray();
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
