using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Tests.Cpu.Training;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>Products of two values against plain loops.</summary>
public sealed class MultiplicationTests
{
    [Theory]
    [InlineData(1, 5, 7, 1), InlineData(17, 4, 9, 2), InlineData(64, 3, 3, 3), InlineData(33, 1, 1, 2)]
    public void Equals_the_definition(int channels, int height, int width, int batch)
    {
        var a = Values.Random(batch * channels * height * width, 1);
        var b = Values.Random(a.Length, 2);
        using var left = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, a);
        using var right = new TestTensor(ActivationLayout.Blocked(channels, height, width), batch, b);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 2), batch, [.. a.Zip(b, (x, y) => (double)x * y)], (target, accumulate, part, parts) =>
            Multiplication.Run(left.FeatureMaps, right.FeatureMaps, target, accumulate, batch, part, parts));
    }

    [Fact]
    public void A_value_may_be_multiplied_by_itself()
    {
        var values = Values.Random(2 * 20 * 3 * 3, 1);
        using var input = new TestTensor(ActivationLayout.Blocked(20, 3, 3), 2, values);
        GradientCheck.Run(ActivationLayout.Blocked(20, 3, 3, 1), 2, [.. values.Select(x => (double)x * x)], (target, accumulate, part, parts) =>
            Multiplication.Run(input.FeatureMaps, input.FeatureMaps, target, accumulate, 2, part, parts));
    }

    [Fact]
    public void Shapes_that_do_not_go_together_are_refused()
    {
        using var small = new TestTensor(ActivationLayout.Blocked(16, 4, 4), 1);
        using var large = new TestTensor(ActivationLayout.Blocked(16, 8, 8), 1);
        Assert.Throws<ArgumentException>(() => Multiplication.Run(small.FeatureMaps, large.FeatureMaps, large.FeatureMaps, false, 1, 0, 1));
        Assert.Throws<ArgumentException>(() => Multiplication.Run(large.FeatureMaps, small.FeatureMaps, large.FeatureMaps, false, 1, 0, 1));
    }
}
