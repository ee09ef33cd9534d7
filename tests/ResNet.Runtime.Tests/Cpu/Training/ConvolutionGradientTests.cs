using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>The gradients of convolutions against their definition, in double.</summary>
public sealed class ConvolutionGradientTests
{
    static readonly TileSet[] _instructionSets = [TileSet.Vector512Set, TileSet.Vector256Set, TileSet.Vector128Set];

    static readonly ConvGeometry[] _geometries =
    [
        .. DirectConvolutionTests.Geometries.Where(g => g.WeightCount < 20_000 && g.MultiplyAdds < 3_000_000),
        // Strides 2 and 3 under kernels of 1 to 7, with dilation, groups and odd sizes: phases with many taps, few and none.
        .. from stride in new[] { 2, 3 }
           from kernel in new[] { 1, 2, 3, 5, 7 }
           from dilation in new[] { 1, 2, 3 }
           let padding = (stride + kernel + dilation) % (dilation * (kernel - 1) + 2)
           select new ConvGeometry(32, 48, 22 + kernel, 21 + stride, kernel, stride, padding, dilation, kernel == 5 ? 4 : 1),
        // A padding beyond the kernel's reach; a stride that leaves the last rows unread.
        new(16, 20, 5, 6, 1, 1, 2), new(18, 16, 7, 8, 3, 3, 4), new(16, 16, 8, 9, 2, 3), new(32, 16, 6, 6, 1, 2, 1),
    ];

    static readonly (ConvolutionAlgorithm Algorithm, double Tolerance)[] _algorithms =
        [(ConvolutionAlgorithm.Direct, 1e-5), (ConvolutionAlgorithm.Winograd2x2, 1e-4), (ConvolutionAlgorithm.Winograd4x4, 1e-4)];

    public static TheoryData<int> GeometryIndices => [.. Enumerable.Range(0, _geometries.Length)];

    [Theory, MemberData(nameof(GeometryIndices))]
    public void Equal_the_definition_whatever_the_parts(int index)
    {
        const int batch = 3;
        var g = _geometries[index];
        var x = Values.Random(batch * g.InChannels * g.InHeight * g.InWidth, index);
        var dy = Values.Random(batch * g.OutChannels * g.OutHeight * g.OutWidth, index + 1);
        var weights = Values.Random((int)g.WeightCount, index + 2);
        var (byWeights, byInput) = Definition(g, batch, x, dy, weights);

        var inputLayout = g.InChannels < 8 && g.Groups == 1
            ? ActivationLayout.Compact(g.InChannels, g.InHeight, g.InWidth, g.Padding)
            : ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth, g.Padding + index % 2);
        using var input = new TestTensor(inputLayout, batch, x);
        using var gradient = new TestTensor(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth, Correlation.InputGradientBorder(g)), batch, dy);
        using var target = new TestTensor(ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth, index % 3), batch);
        foreach (var tiles in _instructionSets)
            for (var parts = 1; parts <= 3; parts++)
            {
                foreach (var (algorithm, tolerance) in _algorithms)
                {
                    var choice = new ConvolutionChoice(algorithm, batch, parts) { Tiles = tiles };
                    AssertClose(byWeights, WeightGradientOf(g, input, gradient, choice), tolerance, $"{g}: weights, {algorithm}, {parts} parts");
                    RunInputGradient(g, weights, gradient, target, accumulate: false, choice);
                    target.AssertInvariants();
                    AssertClose(byInput, target.ToArray(), tolerance, $"{g}: input, {algorithm}, {parts} parts");
                    RunInputGradient(g, weights, gradient, target, accumulate: true, choice);
                    target.AssertInvariants();
                    AssertClose([.. byInput.Select(value => 2 * value)], target.ToArray(), tolerance, $"{g}: accumulated input, {algorithm}, {parts} parts");
                }
            }
    }

    /// <summary>More tiles than are taken at a time, more sums than stay in a cache, few of both.</summary>
    [Theory]
    [InlineData(16, 32, 40), InlineData(48, 20, 30), InlineData(128, 14, 6), InlineData(128, 28, 3), InlineData(256, 14, 4), InlineData(272, 7, 2)]
    public void WeightGradientsOfManyTilesAgree(int channels, int size, int batch)
    {
        var g = new ConvGeometry(channels, channels, size, size, 3, 1, 1);
        var layout = ActivationLayout.Blocked(channels, size, size, 1);
        using var input = new TestTensor(layout, batch, Values.Random(batch * channels * size * size, 1));
        using var gradient = new TestTensor(layout, batch, Values.Random(batch * channels * size * size, 2));
        var expected = Array.ConvertAll(WeightGradientOf(g, input, gradient, new(ConvolutionAlgorithm.Direct, batch, 1)), value => (double)value);
        foreach (var algorithm in new[] { ConvolutionAlgorithm.Winograd2x2, ConvolutionAlgorithm.Winograd4x4 })
            for (var parts = 1; parts <= 3; parts++)
                AssertClose(expected, WeightGradientOf(g, input, gradient, new(algorithm, batch, parts)), 1e-4, $"{g}, batch {batch}, {algorithm}, {parts} parts");
    }

    static unsafe float[] WeightGradientOf(ConvGeometry geometry, TestTensor input, TestTensor gradient, ConvolutionChoice choice)
    {
        var result = new float[geometry.WeightCount];
        Array.Fill(result, float.NaN);
        var parts = choice.Parts;
        var convolution = choice.MakeWeightGradient(geometry, input.Layout);
        using var sums = new NativeBuffer(convolution.ScratchLength(input.Batch, parts));
        new Span<float>(sums.Data, (int)sums.Length).Fill(float.NaN);
        for (var part = parts - 1; part >= 0; part--)
            convolution.Run(input.FeatureMaps, gradient.FeatureMaps, result, sums.Data, input.Batch, part, parts);
        for (var part = parts - 1; part >= 0; part--) convolution.Reduce(sums.Data, result, input.Batch, part, parts);
        return result;
    }

    static unsafe void RunInputGradient(
        ConvGeometry geometry, float[] weights, TestTensor gradient, TestTensor target, bool accumulate, ConvolutionChoice choice)
    {
        var parts = choice.Parts;
        using var convolution = new InputGradient(geometry, gradient.Layout, choice);
        using var scratch = new NativeBuffer(convolution.ScratchLength(target.Batch, parts));
        for (var part = 0; part < parts; part++) convolution.Pack(weights, part, parts);
        for (var part = parts - 1; part >= 0; part--)
            convolution.Run(gradient.FeatureMaps, target.FeatureMaps, accumulate, scratch.Data, target.Batch, part, parts);
    }

    static (double[] ByWeights, double[] ByInput) Definition(ConvGeometry g, int batch, float[] x, float[] dy, float[] weights)
    {
        double[] byWeights = new double[weights.Length], byInput = new double[x.Length];
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        for (var i = 0; i < dy.Length; i++)
        {
            var (image, rest) = Math.DivRem(i, g.OutChannels * g.OutHeight * g.OutWidth);
            var (o, pixel) = Math.DivRem(rest, g.OutHeight * g.OutWidth);
            for (var w = 0; w < inGroup * g.Kernel * g.Kernel; w++)
            {
                var (c, tap) = Math.DivRem(w, g.Kernel * g.Kernel);
                var y = pixel / g.OutWidth * g.Stride - g.Padding + tap / g.Kernel * g.Dilation;
                var column = pixel % g.OutWidth * g.Stride - g.Padding + tap % g.Kernel * g.Dilation;
                if (y < 0 || y >= g.InHeight || column < 0 || column >= g.InWidth) continue;
                var from = ((image * g.InChannels + o / outGroup * inGroup + c) * g.InHeight + y) * g.InWidth + column;
                var weight = o * inGroup * g.Kernel * g.Kernel + w;
                byWeights[weight] += (double)dy[i] * x[from];
                byInput[from] += (double)dy[i] * weights[weight];
            }
        }
        return (byWeights, byInput);
    }

    static void AssertClose(double[] expected, float[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var allowed = tolerance * Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed)) Assert.Fail($"{what}: [{i}] should be {expected[i]}, is {actual[i]}");
    }
}
