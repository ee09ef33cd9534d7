using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Winograd;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu;

public sealed class WinogradConvolutionTests
{
    static readonly MinimalFilter[] _filters = [MinimalFilter.Two, MinimalFilter.Four];

    static readonly ConvGeometry[] _geometries =
    [
        // Where tiles cover the image, where they reach beyond it by 1, 2, 3 pixels, and where one is larger than the image.
        new(16, 16, 8, 8, 3, 1, 1), new(32, 64, 14, 14, 3, 1, 1), new(64, 32, 7, 7, 3, 1, 1), new(16, 32, 9, 13, 3, 1, 1),
        new(48, 48, 4, 28, 3, 1, 1), new(16, 16, 1, 1, 3, 1, 1), new(16, 48, 2, 3, 3, 1, 1), new(32, 32, 6, 5, 3, 1, 0), new(16, 16, 5, 6, 3, 1, 2),
        // Channels that fill no whole blocks.
        new(17, 33, 8, 8, 3, 1, 1), new(40, 10, 7, 9, 3, 1, 1), new(64, 96, 30, 26, 3, 1, 1),
    ];

    public static IEnumerable<object[]> Cases =>
        from geometry in Enumerable.Range(0, _geometries.Length) from filter in Enumerable.Range(0, _filters.Length) select new object[] { geometry, filter };

    [Theory, MemberData(nameof(Cases))]
    public void Equals_the_definition(int geometry, int filter)
    {
        foreach (var batch in new[] { 1, 3 })
        {
            using var test = new ConvolutionCase(_geometries[geometry], batch, geometry, filter: _filters[filter]);
            var residual = test.Add(test.OutputLayout(halo: geometry % 2));
            var added = residual.ToArray();
            foreach (var tiles in DirectConvolutionTests.TileSets)
            {
                test.Use(tiles);
                test.Run(default, parts: 1);
                test.AssertOutput(test.Sums, "plain");

                test.Run(new KernelEpilogue { Relu = true }, parts: 2);
                test.AssertOutput(i => Math.Max(0, test.Sums(i)), "relu");

                test.Run(new KernelEpilogue { Residual = residual.FeatureMaps, Relu = true }, parts: 3);
                test.AssertOutput(i => Math.Max(0, test.Sums(i) + added[i]), "residual");

                test.Run(new KernelEpilogue { Residual = residual.FeatureMaps, ReluBeforeAddition = true }, parts: 1);
                test.AssertOutput(i => Math.Max(0, test.Sums(i)) + added[i], "an epilogue that no tile does");
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Any_number_of_parts_gives_the_same_bits(int geometry, int filter)
    {
        using var test = new ConvolutionCase(_geometries[geometry], batch: 5, geometry, filter: _filters[filter]);
        test.Run(new KernelEpilogue { Relu = true }, parts: 1);
        var expected = test.Output.ToArray();
        foreach (var parts in new[] { 2, 3, 4, 64 })
        {
            test.Run(new KernelEpilogue { Relu = true }, parts);
            Assert.Equal(expected, test.Output.ToArray());
            test.Output.AssertInvariants();
        }
        test.Pack(parts: 4);
        test.Run(new KernelEpilogue { Relu = true }, parts: 1);
        Assert.Equal(expected, test.Output.ToArray());
    }

    /// <summary>At unit scale (inputs and sums about 1, as batch normalization and He initialization keep them) in sums of up to 4,608 products.</summary>
    [Theory]
    [InlineData(64, 56), InlineData(128, 28), InlineData(256, 14), InlineData(512, 7)]
    public unsafe void Errors_are_bounded(int channels, int size)
    {
        var geometry = new ConvGeometry(channels, 16, size, size, 3, 1, 1);
        var values = Values.Normal(channels * size * size, 1, seed: channels);
        var weights = Values.Normal((int)geometry.WeightCount, Math.Sqrt(2.0 / (9 * channels)), seed: size);
        using var input = new TestTensor(ActivationLayout.Blocked(channels, size, size, 1), 1, values);
        using var output = new TestTensor(ActivationLayout.Blocked(16, size, size), 1);
        var expected = NaiveConvolution.Run(geometry, 1, values, weights, [.. Enumerable.Repeat(1f, 16)], new float[16]).Sums;
        foreach (var filter in _filters)
        {
            using var convolution = new WinogradConvolution(Correlation.Forward(geometry), input.FeatureMaps.Layout, filter);
            using var scratch = new NativeBuffer(convolution.ScratchLength(1, 1));
            convolution.Pack(weights, default, default);
            convolution.Run(input.FeatureMaps, output.FeatureMaps, default, scratch.Data, 1, 0, 1);
            var error = output.ToArray().Zip(expected, (actual, exact) => Math.Abs(actual - exact)).Max();
            Assert.True(error <= 1e-4, $"{filter}: {error:e1}");
        }
    }

    [Fact]
    public unsafe void A_NaN_stays_in_the_tiles_that_read_it()
    {
        using var test = new ConvolutionCase(new(16, 16, 12, 12, 3, 1, 1), 1, seed: 1, filter: MinimalFilter.Four);
        test.SetInput(0, float.NaN);
        test.Run(new KernelEpilogue { Relu = true }, parts: 1);
        var output = test.Output.ToArray();
        Assert.True(float.IsNaN(output[0]));
        Assert.False(float.IsNaN(output[8]));
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        using var test = new ConvolutionCase(new(32, 64, 6, 14, 3, 1, 1), 2, seed: 1, filter: MinimalFilter.Four);
        Assert.Equal(0, Allocations.Of(() => test.Run(new KernelEpilogue { Relu = true }, parts: 3)));
    }

    [Fact]
    public void What_minimal_filters_cannot_do_is_refused()
    {
        ConvGeometry[] others =
        [
            new(16, 16, 8, 8, 5, 1, 2), new(16, 16, 8, 8, 3, 2, 1), new(16, 16, 8, 8, 3, 1, 2, Dilation: 2), new(32, 32, 8, 8, 3, 1, 1, Groups: 2),
        ];
        foreach (var geometry in others)
        {
            Assert.Throws<ArgumentException>(() =>
                new WinogradConvolution(Correlation.Forward(geometry), ActivationLayout.Blocked(geometry.InChannels, 8, 8, 2), MinimalFilter.Two));
        }
    }
}
