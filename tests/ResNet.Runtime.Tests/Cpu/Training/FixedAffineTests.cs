using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>Gradients of a factor and a shift per channel that the batch does not decide, against plain loops.</summary>
public sealed class FixedAffineTests
{
    const int Batch = 2;

    [Theory]
    [InlineData(1, 5, 7, 1), InlineData(17, 4, 9, 3), InlineData(64, 3, 3, 2), InlineData(33, 1, 1, 4)]
    public void Factor_and_shift_get_their_gradients(int channels, int height, int width, int parts)
    {
        const double epsilon = 1e-3;
        var x = Values.Random(Batch * channels * height * width, 1);
        var dy = Values.Random(x.Length, 2);
        var y = Values.Random(x.Length, 3);
        var mean = Values.Random(channels, 4);
        var variance = Values.Random(channels, 5).Select(value => 1.5f + value).ToArray();
        var layout = ActivationLayout.Blocked(channels, height, width, 1);
        using var input = new TestTensor(layout, Batch, x);
        using var rectified = new TestTensor(ActivationLayout.Blocked(channels, height, width), Batch, y);
        foreach (var (isFrozenNorm, hasRelu) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            using var gradient = new TestTensor(layout, Batch, dy);
            using var affine = new FixedAffine(channels, parts);
            if (isFrozenNorm) affine.SetStatistics(mean, variance, epsilon);
            for (var part = 0; part < parts; part++)
                affine.SumGradients(input.FeatureMaps, hasRelu ? rectified.FeatureMaps : default, gradient.FeatureMaps, Batch, part);
            var (scaleGradient, shiftGradient) = (new float[channels], new float[channels]);
            affine.FinishGradients(scaleGradient, shiftGradient);

            var masked = dy.Select((value, i) => !hasRelu || y[i] > 0 ? value : 0).ToArray();
            Assert.Equal(masked, gradient.ToArray());
            var (byScale, byShift) = (new double[channels], new double[channels]);
            for (var i = 0; i < x.Length; i++)
            {
                var c = i / (height * width) % channels;
                byScale[c] += masked[i] * (isFrozenNorm ? (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon) : x[i]);
                byShift[c] += masked[i];
            }
            GradientCheck.AssertClose(byScale, scaleGradient, $"by factor, frozen {isFrozenNorm}, ReLU {hasRelu}");
            GradientCheck.AssertClose(byShift, shiftGradient, $"by shift, frozen {isFrozenNorm}, ReLU {hasRelu}");
        }
    }

    [Theory]
    [InlineData(1, 5, 7), InlineData(17, 4, 9), InlineData(64, 3, 3), InlineData(33, 1, 1)]
    public void The_inputs_gradient_is_multiplied_by_the_factor(int channels, int height, int width)
    {
        var dy = Values.Random(Batch * channels * height * width, 1);
        var scale = Values.Random(channels, 2);
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, height, width), Batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 1), Batch, [.. dy.Select((value, i) => (double)value * scale[i / (height * width) % channels])], (target, accumulate, part, parts) =>
        {
            using var affine = new FixedAffine(channels, parts);
            scale.CopyTo(affine.Scales);
            affine.InputGradient(gradient.FeatureMaps, target, accumulate, Batch, part);
        });
    }
}
