using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Tests.Cpu.Training;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>Flattening keeps PyTorch's order of values, whatever the layouts; so does the way back.</summary>
public sealed class FlatteningTests
{
    public static TheoryData<int, int, int, int> Sizes => new() { { 1, 5, 7, 1 }, { 17, 4, 9, 2 }, { 64, 3, 3, 3 }, { 33, 1, 1, 2 }, { 3, 2, 8, 1 } };

    [Theory, MemberData(nameof(Sizes))]
    public void The_values_follow_each_other(int channels, int height, int width, int batch)
    {
        var values = Values.Random(batch * channels * height * width, 1);
        using var input = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, values);
        for (var parts = 1; parts <= 4; parts++)
        {
            using var output = new TestTensor(ActivationLayout.Blocked(channels * height * width, 1, 1, 1), batch);
            for (var part = 0; part < parts; part++) Flattening.Forward(input.FeatureMaps, output.FeatureMaps, batch, part, parts);
            output.AssertInvariants();
            Assert.Equal(values, output.ToArray());
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Gradients_go_back_to_where_the_values_came_from(int channels, int height, int width, int batch)
    {
        var dy = Values.Random(batch * channels * height * width, 1);
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels * height * width, 1, 1), batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 1), batch, [.. dy], (target, accumulate, part, parts) =>
            Flattening.Backward(gradient.FeatureMaps, target, accumulate, batch, part, parts));
    }

    [Fact]
    public void A_vector_of_another_length_is_refused()
    {
        using var maps = new TestTensor(ActivationLayout.Blocked(5, 2, 3), 1);
        using var vector = new TestTensor(ActivationLayout.Blocked(31, 1, 1), 1);
        Assert.Throws<ArgumentException>(() => Flattening.Forward(maps.FeatureMaps, vector.FeatureMaps, 1, 0, 1));
        Assert.Throws<ArgumentException>(() => Flattening.Backward(vector.FeatureMaps, maps.FeatureMaps, false, 1, 0, 1));
    }
}
