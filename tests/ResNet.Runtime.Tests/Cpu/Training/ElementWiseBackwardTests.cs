using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>Backward through what treats each value alone, and through the zero-padded shortcut, against plain loops.</summary>
public sealed class ElementWiseBackwardTests
{
    public static TheoryData<int, int, int, int> Sizes => new() { { 1, 5, 7, 1 }, { 3, 1, 1, 2 }, { 17, 4, 9, 1 }, { 64, 3, 3, 3 } };

    [Theory, MemberData(nameof(Sizes))]
    public void A_ReLU_stops_the_gradient_where_it_was_closed(int channels, int height, int width, int batch)
    {
        var y = Values.Random(batch * channels * height * width, 1).Select(value => MathF.Max(0, value)).ToArray();
        var dy = Values.Random(y.Length, 2);
        var layout = ActivationLayout.Blocked(channels, height, width, 1);
        using var rectified = new TestTensor(layout, batch, y);
        for (var parts = 1; parts <= 4; parts++)
        {
            using var gradient = new TestTensor(layout, batch, dy);
            for (var part = 0; part < parts; part++) ElementWiseBackward.Relu(rectified.FeatureMaps, gradient.FeatureMaps, batch, part, parts);
            gradient.AssertInvariants();
            Assert.Equal([.. dy.Select((value, i) => y[i] > 0 ? value : 0)], gradient.ToArray());
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void A_gradient_is_passed_on(int channels, int height, int width, int batch)
    {
        var dy = Values.Random(batch * channels * height * width, 1);
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 2), batch, [.. dy], (target, accumulate, part, parts) =>
            ElementWiseBackward.Pass(gradient.FeatureMaps, target, accumulate, batch, part, parts));
    }

    /// <summary>Channels of the input and the result, input size, stride, batch.</summary>
    [Theory]
    [InlineData(1, 3, 5, 7, 2, 1), InlineData(3, 17, 8, 6, 3, 2), InlineData(17, 64, 7, 7, 2, 1), InlineData(64, 128, 5, 4, 2, 2)]
    [InlineData(16, 32, 9, 8, 2, 1), InlineData(1, 1, 6, 5, 4, 2), InlineData(17, 17, 4, 4, 1, 1), InlineData(3, 64, 3, 2, 1, 1)]
    public void The_zero_padded_shortcut_takes_back_what_it_moved(int channels, int outChannels, int height, int width, int stride, int batch)
    {
        var (outHeight, outWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
        var dy = Values.Random(batch * outChannels * outHeight * outWidth, 1);
        var expected = new double[batch * channels * height * width];
        for (var i = 0; i < dy.Length; i++)
        {
            var (plane, at) = Math.DivRem(i, outHeight * outWidth);
            var (image, channel) = (plane / outChannels, plane % outChannels - (outChannels - channels) / 2);
            if (channel < 0 || channel >= channels) continue;
            expected[((image * channels + channel) * height + at / outWidth * stride) * width + at % outWidth * stride] = dy[i];
        }
        using var gradient = new TestTensor(ActivationLayout.Blocked(outChannels, outHeight, outWidth, 1), batch, dy);
        GradientCheck.Run(ActivationLayout.Blocked(channels, height, width, 1), batch, expected, (target, accumulate, part, parts) =>
            ElementWiseBackward.ZeroPad(gradient.FeatureMaps, target, stride, accumulate, batch, part, parts));
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Values_drop_by_position_and_step_forward_and_back(int channels, int height, int width, int batch) =>
        CheckDropping(channels, height, width, batch, span: 1, Dropping.Values);

    [Theory, MemberData(nameof(Sizes))]
    public void Images_drop_as_a_whole_forward_and_back(int channels, int height, int width, int batch) =>
        CheckDropping(channels, height, width, batch, span: channels * height * width, Dropping.Images);

    delegate void Drop(FeatureMaps source, FeatureMaps target, DropRule rule, long step, bool accumulate, int batch, int part, int parts);

    static void CheckDropping(int channels, int height, int width, int batch, int span, Drop drop)
    {
        const double rate = 0.3;
        var random = new CounterRandom(5, "drop");
        var dy = Values.Random(batch * channels * height * width, 1);
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, dy);
        foreach (var step in new[] { 0L, 1_000_000 })
        {
            // The stream's numbers of a step lie one behind the other in PyTorch's order of values.
            double[] expected = [.. dy.Select((value, i) => random.Uniform(step * (1L << 36) + i / span) < rate ? 0 : value / (1 - rate))];
            GradientCheck.Run(ActivationLayout.Blocked(channels, height, width), batch, expected, (target, accumulate, part, parts) =>
                drop(gradient.FeatureMaps, target, new(rate, random, span), step, accumulate, batch, part, parts));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void A_biass_gradient_is_the_sum_over_its_channel(int channels, int height, int width, int batch)
    {
        var dy = Values.Random(batch * channels * height * width, 1);
        var expected = new double[channels];
        for (var i = 0; i < dy.Length; i++) expected[i / (height * width) % channels] += dy[i];
        using var gradient = new TestTensor(ActivationLayout.Blocked(channels, height, width, 1), batch, dy);
        for (var parts = 1; parts <= 4; parts++)
        {
            var sums = new ChannelSums(gradient.Layout.Blocks, parts);
            for (var part = 0; part < parts; part++) BiasGradient.Run(gradient.FeatureMaps, sums, batch, part);
            var actual = new float[channels];
            BiasGradient.Reduce(sums, actual);
            GradientCheck.AssertClose(expected, actual, $"{parts} parts");
        }
    }
}
