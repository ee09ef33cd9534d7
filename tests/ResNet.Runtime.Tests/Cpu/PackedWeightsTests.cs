using ResNet.Dsl;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>Packed weights that forward passes for several sizes of images share.</summary>
public class PackedWeightsTests
{
    static readonly PackingLayout _layout = new("direct", 16, 3, 16, 2, 16);

    [Fact]
    public unsafe void TheSameLayoutOfALayerIsLentAgainAsLongAsItIsUsed()
    {
        var packed = new PackedWeights();
        packed.Begin(version: 1);
        var first = packed.Lend(3, 4, _layout, 100);
        Assert.False(first.IsPacked);
        first.IsPacked = true;
        packed.Begin(version: 1);
        using var second = packed.Lend(3, 4, _layout, 100);
        Assert.Same(first, second);
        foreach (var other in new[] { packed.Lend(2, 4, _layout, 100), packed.Lend(3, null, _layout, 100), packed.Lend(3, 4, _layout with { Blocks = 1 }, 100) })
            using (other) Assert.False(other.IsPacked);
        first.Dispose();
        Assert.True(second.Memory.Data is not null);
    }

    [Fact]
    public unsafe void WhatIsFreedOrOfAnotherVersionIsPackedAnew()
    {
        var packed = new PackedWeights();
        packed.Begin(version: 1);
        var first = packed.Lend(3, 4, _layout, 100);
        first.IsPacked = true;
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Memory.Data is null);
        using var second = packed.Lend(3, 4, _layout, 100);
        Assert.False(second.IsPacked);
        second.IsPacked = true;
        packed.Begin(version: 2);
        using var third = packed.Lend(3, 4, _layout, 100);
        Assert.NotSame(second, third);
        Assert.False(third.IsPacked);
    }

    /// <summary>Networks over shared parameters yield the bits of networks with copies of their own, before a change, afterwards, and when one is gone.</summary>
    [Theory]
    [InlineData(ConvolutionAlgorithm.Automatic)]
    [InlineData(ConvolutionAlgorithm.Direct)]
    [InlineData(ConvolutionAlgorithm.Winograd4x4)]
    public void SizesThatShareParametersComputeWhatNetworksOfTheirOwnWould(ConvolutionAlgorithm algorithm)
    {
        using var device = new CpuDevice(2, algorithm);
        using var network = Network.Create(new ResNetAttribute { Depth = 18, ImageSize = 64, Classes = 7 }.Define("ResNet"), device);
        new HeInitializer(1).Initialize(network.Parameters);
        var (small, large) = (network.WithInputSize(48, 40), network.WithInputSize(96, 80));
        Check();
        network.Parameters.EditTrained(values =>
        {
            for (var i = 0; i < values.Length; i++) values[i] *= 0.9f;
        });
        Check();
        small.Dispose();
        Check();

        void Check()
        {
            foreach (var size in new[] { network, network.WithInputSize(48, 40), large })
            {
                var input = size.Definition.Input;
                var images = new Tensor(2, input.Channels, input.Height, input.Width);
                for (var i = 0; i < images.Data.Length; i++) images.Data[i] = MathF.Sin(i);
                using var own = Network.Create(size.Definition, device);
                own.Parameters.EditTrained(values => network.Parameters.ReadTrained().CopyTo(values));
                own.Parameters.EditStatistics(values => network.Parameters.ReadStatistics().CopyTo(values));
                Assert.Equal(own.Predict(images).Data.ToArray(), size.Predict(images).Data.ToArray());
            }
        }
    }

    /// <summary>A direct convolution packs the same for every size.</summary>
    [Fact]
    public void FurtherSizesTakeNoFurtherWeights()
    {
        using var device = new CpuDevice(1, ConvolutionAlgorithm.Direct);
        using var network = Network.Create(new ResNetAttribute { Depth = 18, ImageSize = 64, Classes = 7 }.Define("ResNet"), device);
        network.Predict(new Tensor(1, 3, 64, 64));
        var other = network.WithInputSize(96, 80);
        CpuProgram first = ((CpuModel)network.CurrentModel()).Program, second = ((CpuModel)other.CurrentModel()).Program;
        Assert.NotSame(first, second);
        Assert.Equal(21, Packed(first).Count);
        Assert.Equal(Packed(first), Packed(second));

        static List<PackedLayer?> Packed(CpuProgram program) => [.. program.Steps.OfType<ConvolutionStep>().Select(step => step.Packed)];
    }
}
