using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>Statistics and gradients of batch normalization against their definition, in double.</summary>
public sealed class BatchNormalizationTests
{
    [Theory]
    // A mean far from zero: squares of the values themselves would cancel.
    [InlineData(16, 8, 8, 0f, 1), InlineData(20, 5, 7, 1000f, 3), InlineData(33, 1, 1, -50f, 2)]
    public void Equals_the_definition(int channels, int height, int width, float offset, int parts)
    {
        const int batch = 4;
        const double epsilon = 1e-5, momentum = 0.1;
        var count = batch * height * width;
        var x = Values.Random(count * channels, 1).Select(value => value + offset).ToArray();
        var dy = Values.Random(x.Length, 2);
        var (scale, shift) = (Values.Random(channels, 3), Values.Random(channels, 4));
        var (runningMean, runningVariance) = (new float[channels], Enumerable.Repeat(1f, channels).ToArray());
        var layout = ActivationLayout.Blocked(channels, height, width, 1);
        using var input = new TestTensor(layout, batch, x);
        using var gradient = new TestTensor(layout, batch, dy);
        using var norm = new BatchNormalization(channels, epsilon, momentum, parts);
        var (scaleGradient, shiftGradient) = (new float[channels], new float[channels]);

        for (var part = 0; part < parts; part++) norm.SumStatistics(input.FeatureMaps, batch, part);
        norm.FinishStatistics(new() { Scale = scale, Shift = shift, RunningMean = runningMean, RunningVariance = runningVariance }, count);
        for (var part = 0; part < parts; part++) norm.SumGradients(input.FeatureMaps, default, gradient.FeatureMaps, batch, part);
        norm.FinishGradients(scale, scaleGradient, shiftGradient, count);
        for (var part = 0; part < parts; part++) norm.InputGradient(input.FeatureMaps, gradient.FeatureMaps, gradient.FeatureMaps, accumulate: false, batch, part);
        gradient.AssertInvariants();
        var actual = gradient.ToArray();

        for (var c = 0; c < channels; c++)
        {
            int[] indices = [.. Enumerable.Range(0, x.Length).Where(i => i / (height * width) % channels == c)];
            var mean = indices.Average(i => (double)x[i]);
            var squares = indices.Sum(i => (x[i] - mean) * (x[i] - mean));
            var deviation = Math.Sqrt(squares / count + epsilon);
            Assert.Equal(momentum * mean, runningMean[c], 1e-6 * Math.Max(1, Math.Abs(mean)));
            Assert.Equal(1 - momentum + momentum * squares / (count - 1), runningVariance[c], 1e-5);
            var byShift = indices.Sum(i => (double)dy[i]);
            var byScale = indices.Sum(i => dy[i] * (x[i] - mean) / deviation);
            Assert.Equal(byShift, shiftGradient[c], 1e-4);
            Assert.Equal(byScale, scaleGradient[c], offset == 0 ? 1e-4 : 1e-2);
            foreach (var i in indices)
                Assert.Equal(scale[c] / deviation * (dy[i] - byShift / count - (x[i] - mean) / deviation * byScale / count), actual[i], offset == 0 ? 1e-5 : 1e-3);
        }
    }
}
