using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Direct;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Convolutions.Winograd;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu;

public sealed class DirectConvolutionTests
{
    /// <summary>Every tile set runs on every processor, in hardware or not.</summary>
    internal static readonly TileSet[] TileSets = [TileSet.Vector512Set, TileSet.Vector256Set, TileSet.Vector128Set];

    internal static readonly ConvGeometry[] Geometries =
    [
        // The kinds of convolution in residual networks, shrunk.
        new(16, 16, 8, 8, 3, 1, 1), new(32, 64, 6, 14, 3, 1, 1), new(32, 32, 7, 7, 3, 1, 1), new(32, 64, 9, 15, 3, 2, 1),
        new(16, 32, 8, 8, 3, 2, 1), new(64, 32, 7, 7), new(64, 96, 5, 14), new(32, 64, 14, 14, 1, 2), new(64, 48, 9, 11, 1, 2),
        new(3, 64, 11, 30, 7, 2, 3), new(3, 16, 9, 32, 3, 1, 1), new(1, 8, 12, 12, 5, 1, 2), new(48, 48, 4, 28, 3, 1, 1),
        new(16, 16, 5, 32, 3, 1, 1), new(32, 32, 6, 16, 3, 1, 1), new(32, 32, 4, 4, 3, 1, 1),
        // Groups: ResNeXt's, whole blocks, ones that divide no block, depthwise.
        new(128, 128, 5, 7, 3, 1, 1, 1, 32), new(64, 64, 9, 9, 3, 2, 1, 1, 2), new(32, 64, 6, 6, 3, 1, 1, 1, 4),
        new(15, 25, 6, 6, 3, 1, 1, 1, 5), new(36, 36, 5, 5, 3, 1, 1, 1, 3), new(24, 24, 8, 8, 3, 1, 1, 1, 24), new(96, 192, 5, 5, 1, 1, 0, 1, 3),
        // Groups that divide a block, with tiles of their own: 8, 2 and 4 channels, a last block half full, one pixel.
        new(24, 24, 7, 14, 3, 1, 1, 1, 3), new(40, 40, 9, 9, 5, 2, 2, 2, 20), new(48, 48, 1, 1, 1, 1, 0, 1, 12), new(32, 32, 6, 28, 3, 2, 1, 1, 32),
        // Odd sizes.
        new(1, 1, 1, 1), new(1, 1, 1, 1, 3, 1, 1), new(17, 33, 5, 3, 3, 1, 1), new(5, 7, 23, 29, 4, 3, 2), new(20, 40, 13, 17, 2, 2),
        new(16, 32, 3, 50, 1, 1, 1), new(30, 30, 10, 9, 3, 1, 2, 2), new(3, 10, 12, 12, 3, 1, 2, 2), new(33, 16, 11, 21, 5, 2, 4, 3, 1),
        new(16, 16, 40, 40, 1, 13), new(16, 48, 100, 3, 3, 2, 1), new(64, 64, 1, 70), new(2, 3, 200, 200, 1, 100),
        // Dense layers.
        new(64, 10, 1, 1), new(100, 33, 1, 1), new(2048, 40, 1, 1), new(5000, 3, 1, 1),
        // Pixels that are gathered, rows that are spread, and more of either than is taken at a time.
        new(256, 16, 60, 58, 1, 2), new(512, 16, 29, 27, 1, 2), new(512, 32, 14, 14), new(1024, 16, 14, 14), new(96, 32, 20, 14, 1, 2, 0, 1, 2),
    ];

    public static TheoryData<int> GeometryIndices => [.. Enumerable.Range(0, Geometries.Length)];

    [Theory, MemberData(nameof(GeometryIndices))]
    public void Equals_the_definition(int index)
    {
        foreach (var batch in new[] { 1, 3 })
        {
            using var test = new ConvolutionCase(Geometries[index], batch, index);
            var residual = test.Add(test.OutputLayout(halo: index % 2));
            var added = residual.ToArray();
            foreach (var tiles in TileSets)
            {
                test.Use(tiles);
                test.Run(default, parts: 1);
                test.AssertOutput(test.Sums, "plain");

                test.Run(new KernelEpilogue { Relu = true }, parts: 1);
                test.AssertOutput(i => Math.Max(0, test.Sums(i)), "relu");

                test.Run(new KernelEpilogue { Residual = residual.FeatureMaps, Relu = true }, parts: 1);
                test.AssertOutput(i => Math.Max(0, test.Sums(i) + added[i]), "residual");
            }
        }
    }

    [Theory, MemberData(nameof(GeometryIndices))]
    public void Any_number_of_parts_gives_the_same_bits(int index)
    {
        foreach (var batch in new[] { 1, 2, 5 })
        {
            using var test = new ConvolutionCase(Geometries[index], batch, index);
            var residual = test.Add(test.OutputLayout(halo: 1));
            var epilogue = new KernelEpilogue { Residual = residual.FeatureMaps, Relu = true };
            test.Run(epilogue, parts: 1);
            var expected = test.Output.ToArray();
            // With 64, most geometries leave some parts nothing to do.
            foreach (var parts in new[] { 2, 3, 4, 5, 64 })
            {
                test.Run(epilogue, parts);
                Assert.Equal(expected, test.Output.ToArray());
                test.Output.AssertInvariants();
            }
        }
    }

    [Theory]
    [InlineData(0), InlineData(9), InlineData(16), InlineData(18), InlineData(29), InlineData(40)]
    public void Packing_in_parts_gives_the_same_bits(int index)
    {
        using var test = new ConvolutionCase(Geometries[index], 1, index);
        test.Run(default, parts: 1);
        var expected = test.Output.ToArray();
        test.Pack(parts: 4);
        test.Run(default, parts: 1);
        Assert.Equal(expected, test.Output.ToArray());
    }

    [Fact]
    public void Convolutions_pack_to_one_place_in_turn()
    {
        using var direct = new ConvolutionCase(new(20, 40, 6, 9, 3, 2, 1), 1, seed: 4);
        using var winograd = new ConvolutionCase(new(32, 48, 7, 7, 3, 1, 1), 1, seed: 5, filter: MinimalFilter.Four);
        ConvolutionCase[] cases = [direct, winograd];
        float[][] expected = [.. cases.Select(Result)];
        using var place = new NativeBuffer(cases.Max(test => test.PackedLength), clear: false);
        for (var round = 0; round < 2; round++)
            foreach (var (test, values) in cases.Zip(expected))
            {
                test.Pack(place, parts: 2);
                Assert.Equal(values, Result(test));
            }

        static float[] Result(ConvolutionCase test)
        {
            test.Run(default, parts: 1);
            return test.Output.ToArray();
        }
    }

    [Fact]
    public void Empty_scale_and_bias_are_one_and_zero()
    {
        var geometry = new ConvGeometry(20, 20, 6, 6, 3, 1, 1);
        using var test = new ConvolutionCase(geometry, 1, seed: 3, scale: false, bias: false);
        test.Run(default, parts: 1);
        test.AssertOutput(test.Sums, "no scale, no bias");
    }

    [Fact]
    public void A_NaN_in_the_input_reaches_the_output_through_ReLU()
    {
        using var test = new ConvolutionCase(new(16, 16, 5, 5), 1, seed: 1);
        test.SetInput(0, float.NaN);
        foreach (var tiles in TileSets)
        {
            test.Use(tiles);
            test.Run(new KernelEpilogue { Relu = true }, parts: 1);
            Assert.True(float.IsNaN(test.Output.ToArray()[0]));
            Assert.False(float.IsNaN(test.Output.ToArray()[1]));
        }
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        using var test = new ConvolutionCase(new(32, 64, 6, 14, 3, 1, 1), 2, seed: 1);
        Assert.Equal(0, Allocations.Of(() => test.Run(new KernelEpilogue { Relu = true }, parts: 3)));
    }

    [Theory]
    [InlineData(0, 16, 8, 3, 1, 1, 1, 1)]
    [InlineData(16, 16, 8, 3, 0, 1, 1, 1)]
    [InlineData(16, 16, 8, 3, 1, -1, 1, 1)]
    [InlineData(16, 16, 8, 3, 1, 1, 0, 1)]
    [InlineData(16, 16, 8, 3, 1, 1, 1, 5)]
    [InlineData(16, 16, 2, 5, 1, 1, 1, 1)]
    public void Impossible_geometries_are_refused(int inChannels, int outChannels, int size, int kernel, int stride, int padding, int dilation, int groups)
    {
        var geometry = new ConvGeometry(inChannels, outChannels, size, size, kernel, stride, padding, dilation, groups);
        Assert.Throws<ArgumentException>(geometry.Validate);
    }

    [Fact]
    public unsafe void Tensors_that_do_not_fit_are_refused()
    {
        var geometry = new ConvGeometry(16, 16, 8, 8, 3, 1, 1);
        var correlation = Correlation.Forward(geometry);
        Assert.Throws<ArgumentException>(() => new DirectConvolution(correlation, ActivationLayout.Blocked(16, 8, 8)));
        Assert.Throws<ArgumentException>(() => new DirectConvolution(correlation, ActivationLayout.Blocked(32, 8, 8, 1)));
        using var convolution = new DirectConvolution(correlation, ActivationLayout.Blocked(16, 8, 8, 1));
        Assert.Throws<ArgumentException>(() => convolution.Pack(new float[7], default, default));
        Assert.Throws<ArgumentException>(() => convolution.Pack(new float[16 * 16 * 9], new float[3], default));
        Assert.Throws<ArgumentException>(() => convolution.Pack(new float[16 * 16 * 9], default, new float[17]));

        using var input = new TestTensor(ActivationLayout.Blocked(16, 8, 8, 1), 1);
        using var wide = new TestTensor(ActivationLayout.Blocked(16, 8, 8, 2), 1);
        using var small = new TestTensor(ActivationLayout.Blocked(16, 4, 4), 1);
        Assert.Throws<ArgumentException>(() => convolution.Run(wide.FeatureMaps, input.FeatureMaps, default, null, 1, 0, 1));
        Assert.Throws<ArgumentException>(() => convolution.Run(input.FeatureMaps, small.FeatureMaps, default, null, 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => convolution.Run(input.FeatureMaps, wide.FeatureMaps, default, null, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => convolution.Run(input.FeatureMaps, wide.FeatureMaps, default, null, 1, 2, 2));
        var residual = new KernelEpilogue { Residual = small.FeatureMaps };
        Assert.Throws<ArgumentException>(() => convolution.Run(input.FeatureMaps, wide.FeatureMaps, residual, null, 1, 0, 1));
    }
}
