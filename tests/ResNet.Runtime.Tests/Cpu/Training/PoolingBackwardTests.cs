using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>Backward through pooling against plain loops over windows, in double.</summary>
public sealed class PoolingBackwardTests
{
    /// <summary>Channels, height, width, kernel, stride, padding, batch: sizes that strides do not divide, and each channel count twice.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Windows => new()
    {
        { 1, 7, 9, 3, 2, 1, 1 }, { 1, 5, 5, 2, 2, 0, 3 },
        { 3, 8, 6, 3, 2, 1, 2 }, { 3, 9, 7, 2, 3, 1, 1 },
        { 17, 7, 7, 3, 1, 1, 1 }, { 17, 10, 11, 3, 2, 0, 2 },
        { 64, 6, 5, 2, 2, 0, 1 }, { 64, 5, 8, 4, 3, 2, 2 },
    };

    [Theory, MemberData(nameof(Windows))]
    public void Gradients_go_back_through_every_window(int channels, int height, int width, int kernel, int stride, int padding, int batch)
    {
        var geometry = new PoolGeometry(kernel, stride, padding);
        var (outHeight, outWidth) = ((height + 2 * padding - kernel) / stride + 1, (width + 2 * padding - kernel) / stride + 1);
        // Few different values: ties, of which the first in row order wins.
        var x = Values.Random(batch * channels * height * width, 1).Select(value => MathF.Round(4 * value)).ToArray();
        var dy = Values.Random(batch * channels * outHeight * outWidth, 2);
        double[] byMaximum = new double[x.Length], byMean = new double[x.Length];
        for (var i = 0; i < dy.Length; i++)
        {
            var (plane, at) = Math.DivRem(i, outHeight * outWidth);
            var (top, left) = (at / outWidth * stride - padding, at % outWidth * stride - padding);
            var (winner, count) = (-1, 0);
            for (var y = top; y < Math.Min(top + kernel, height + padding); y++)
                for (var column = left; column < Math.Min(left + kernel, width + padding); column++)
                {
                    count++;
                    if (y < 0 || column < 0 || y >= height || column >= width) continue;
                    var from = (plane * height + y) * width + column;
                    if (winner < 0 || x[from] > x[winner]) winner = from;
                }
            byMaximum[winner] += dy[i];
            for (var y = Math.Max(0, top); y < Math.Min(top + kernel, height); y++)
                for (var column = Math.Max(0, left); column < Math.Min(left + kernel, width); column++)
                    byMean[(plane * height + y) * width + column] += (double)dy[i] / count;
        }

        using var input = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, x);
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, outHeight, outWidth), batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 2), batch, byMaximum, (target, accumulate, part, parts) =>
            PoolingBackward.Max(input.FeatureMaps, gradient.FeatureMaps, target, geometry, accumulate, batch, part, parts));
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width), batch, byMean, (target, accumulate, part, parts) =>
            PoolingBackward.Average(gradient.FeatureMaps, target, geometry, accumulate, batch, part, parts));
    }

    [Theory]
    [InlineData(1, 7, 5, 1), InlineData(3, 1, 1, 2), InlineData(17, 3, 8, 1), InlineData(64, 8, 8, 3)]
    public void A_channels_mean_shares_its_gradient(int channels, int height, int width, int batch)
    {
        var dy = Values.Random(batch * channels, 1);
        double[] expected = [.. dy.SelectMany(value => Enumerable.Repeat((double)value / (height * width), height * width))];
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, 1, 1), batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 1), batch, expected, (target, accumulate, part, parts) =>
            PoolingBackward.GlobalAverage(gradient.FeatureMaps, target, accumulate, batch, part, parts));
    }

    [Fact]
    public void Where_NaN_has_won_the_gradient_goes_to_it()
    {
        float[] x = [1, 9, float.NaN, 2];
        using var input = new TestTensor(ActivationLayout.Blocked(1, 2, 2), 1, x);
        using var gradient = new TestTensor(ActivationLayout.Blocked(1, 1, 1), 1, [5f]);
        GradientCheck.Run(ActivationLayout.Blocked(1, 2, 2), 1, [0, 0, 5, 0], (target, accumulate, part, parts) =>
            PoolingBackward.Max(input.FeatureMaps, gradient.FeatureMaps, target, new(2, 2), accumulate, 1, part, parts));
    }
}
