using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Tests.Cpu.Training;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>The logistic function and its derivative against their definitions, in double.</summary>
public sealed class LogisticTests
{
    public static TheoryData<int, int, int, int> Sizes => new() { { 1, 5, 7, 1 }, { 17, 4, 9, 2 }, { 64, 3, 3, 3 }, { 33, 1, 1, 2 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Equals_the_definition(int channels, int height, int width, int batch)
    {
        var values = Values.Random(batch * channels * height * width, 1).Select(value => 10 * value).ToArray();
        using var input = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, values);
        for (var parts = 1; parts <= 4; parts++)
        {
            using var output = new TestTensor(ActivationLayout.Blocked(channels, height, width, 2), batch);
            for (var part = 0; part < parts; part++) Logistic.Forward(input.FeatureMaps, output.FeatureMaps, batch, part, parts);
            output.AssertInvariants();
            GradientCheck.AssertClose([.. values.Select(x => Of(x))], output.ToArray(), $"{parts} parts");
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void The_gradient_goes_back_by_the_derivative(int channels, int height, int width, int batch)
    {
        var x = Values.Random(batch * channels * height * width, 1).Select(value => 10 * value).ToArray();
        var dy = Values.Random(x.Length, 2);
        using var input = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, x);
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, height, width), batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 2), batch, [.. dy.Select((value, i) => value * Of(x[i]) * Of(-x[i]))], (target, accumulate, part, parts) =>
            Logistic.Backward(input.FeatureMaps, gradient.FeatureMaps, target, accumulate, batch, part, parts));
    }

    /// <summary>The logistic function where the exponential overflows or leaves the range of floats, and of values that are not numbers.</summary>
    [Fact]
    public void The_ends_are_zero_and_one_and_flat()
    {
        float[] x = [-200, 200, float.NegativeInfinity, float.PositiveInfinity, float.NaN];
        using var input = new TestTensor(ActivationLayout.Blocked(5, 1, 1), 1, x);
        using var gradient = new TestTensor(ActivationLayout.Blocked(5, 1, 1), 1, [1f, 1, 1, 1, 1]);
        using var output = new TestTensor(ActivationLayout.Blocked(5, 1, 1), 1);
        Logistic.Forward(input.FeatureMaps, output.FeatureMaps, 1, 0, 1);
        Assert.Equal([0, 1, 0, 1, float.NaN], output.ToArray());
        Logistic.Backward(input.FeatureMaps, gradient.FeatureMaps, output.FeatureMaps, false, 1, 0, 1);
        Assert.Equal([0, 0, 0, 0, float.NaN], output.ToArray());
    }

    static double Of(double x) => 1 / (1 + Math.Exp(-x));
}
