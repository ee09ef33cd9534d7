using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu;

public sealed unsafe class EpilogueTests
{
    /// <summary>Every combination, after a convolution and by itself.</summary>
    [Theory]
    [InlineData(40, 40, 1), InlineData(16, 32, 2), InlineData(32, 64, 2), InlineData(10, 40, 3), InlineData(40, 40, 2), InlineData(8, 40, 1), InlineData(9, 40, 1), InlineData(15, 16, 2)]
    public void Equals_the_definition(int residualChannels, int channels, int residualStride)
    {
        const int batch = 2;
        var geometry = new ConvGeometry(24, channels, 7, 9, 3, 1, 1);
        using var test = new ConvolutionCase(geometry, batch, seed: channels);
        var shape = test.OutputLayout(halo: 1);
        // One row and column beyond what the stride takes, which must not matter.
        var residual = test.Add(ActivationLayout.Blocked(residualChannels,
            (geometry.OutHeight - 1) * residualStride + residualStride, (geometry.OutWidth - 1) * residualStride + 1, halo: 1));
        var sums = test.Add(shape);
        using var raw = new TestTensor(test.OutputLayout(halo: 2), batch);
        using var scale = new NativeBuffer(shape.Blocks * 16);
        using var shift = new NativeBuffer(shape.Blocks * 16);
        Values.Random(channels, 1).CopyTo(scale.Span(0, channels));
        Values.Random(channels, 2).CopyTo(shift.Span(0, channels));
        var (scales, shifts, added, before) = (scale.Span(0, channels).ToArray(), shift.Span(0, channels).ToArray(), residual.ToArray(), sums.ToArray());

        for (var options = 0; options < 32; options++)
        {
            var (reluFirst, add, second, norm, relu) = ((options & 1) != 0, (options & 2) != 0, (options & 4) != 0, (options & 8) != 0, (options & 16) != 0);
            var epilogue = new KernelEpilogue
            {
                ReluBeforeAddition = reluFirst,
                Residual = add ? residual.FeatureMaps : default,
                ResidualStride = residualStride,
                Raw = second ? raw.FeatureMaps : default,
                Scale = norm ? scale.Data : null,
                Shift = norm ? shift.Data : null,
                Relu = relu,
            };

            double Raw(double value, int i)
            {
                if (reluFirst) value = Math.Max(0, value);
                return add ? value + Shortcut(i) : value;
            }
            double Output(double value, int i)
            {
                value = Raw(value, i);
                var channel = i / (shape.Height * shape.Width) % channels;
                if (norm) value = value * scales[channel] + shifts[channel];
                return relu ? Math.Max(0, value) : value;
            }

            test.Run(epilogue, parts: 1 + options % 3);
            test.AssertOutput(i => Output(test.Sums(i), i), $"options {options}");
            if (second) test.AssertEqual(raw, i => Raw(test.Sums(i), i), $"second output, options {options}");

            for (var part = 0; part < 3; part++)
                ElementWise.Apply(sums.FeatureMaps, test.Output.FeatureMaps, epilogue, batch, part, 3);
            test.AssertOutput(i => Output(before[i], i), $"by itself, options {options}");
            if (second) test.AssertEqual(raw, i => Raw(before[i], i), $"second output by itself, options {options}");
        }

        // Option A: every stride-th pixel, the channels in the middle, zeros above and below.
        double Shortcut(int i)
        {
            var (rest, x) = Math.DivRem(i, shape.Width);
            (rest, var y) = Math.DivRem(rest, shape.Height);
            var (image, channel) = Math.DivRem(rest, channels);
            channel -= (channels - residualChannels) / 2;
            if (channel < 0 || channel >= residualChannels) return 0;
            var layout = residual.Layout;
            return added[((image * residualChannels + channel) * layout.Height + y * residualStride) * layout.Width + x * residualStride];
        }
    }

    [Fact]
    public void The_residual_may_be_the_output()
    {
        using var test = new ConvolutionCase(new(32, 64, 7, 7, 3, 1, 1), 2, seed: 4);
        var values = Values.Random(2 * 64 * 7 * 7, 9);
        LayoutConversion.FromNchw(values, test.Output.FeatureMaps, 2, 0, 1);
        test.Run(new KernelEpilogue { Residual = test.Output.FeatureMaps, Relu = true }, parts: 3);
        test.AssertOutput(i => Math.Max(0, test.Sums(i) + values[i]), "in place");
    }

    [Fact]
    public void Shapes_that_do_not_go_together_are_refused()
    {
        using var small = new TestTensor(ActivationLayout.Blocked(16, 4, 4), 1);
        using var large = new TestTensor(ActivationLayout.Blocked(16, 8, 8), 1);
        using var wide = new TestTensor(ActivationLayout.Blocked(32, 8, 8), 1);
        Assert.Throws<ArgumentException>(() => Apply(small, large, new KernelEpilogue()));
        Assert.Throws<ArgumentException>(() => Apply(large, large, new KernelEpilogue { Raw = small.FeatureMaps }));
        Assert.Throws<ArgumentException>(() => Apply(large, large, new KernelEpilogue { Residual = small.FeatureMaps }));
        Assert.Throws<ArgumentException>(() => Apply(large, large, new KernelEpilogue { Residual = wide.FeatureMaps }));
        Assert.Throws<ArgumentException>(() => Apply(large, large, new KernelEpilogue { Scale = small.FeatureMaps.Data }));

        static void Apply(TestTensor source, TestTensor target, KernelEpilogue epilogue) =>
            ElementWise.Apply(source.FeatureMaps, target.FeatureMaps, epilogue, 1, 0, 1);
    }
}
