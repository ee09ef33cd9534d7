using ILGPU;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Gpu.Binding;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;
using Tile = ResNet.Runtime.Gpu.Kernels.Tile;
using TileSet = ResNet.Runtime.Gpu.Kernels.TileSet;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// The products of matrices that CUDA would be given, executed by <see cref="PtxMachine"/>: what they compute is what a
/// convolution is by its definition, and nothing else in memory is touched.
/// </summary>
public class EmulatedProductTests
{
    const int Batch = 2;

    static readonly Lazy<EmulatedDevice> _backend = new(() => EmulatedDevice.Open(Precision.Single));

    static readonly Dictionary<string, (Tile Tile, Precision Precision)> _tiles =
        TileSet.Cuda.SelectMany(set => set.Value.Tiles, (set, tile) => (tile, set.Key)).ToDictionary(of => of.tile.GetType().Name);

    /// <summary>Strides, padding, groups, dilation, and sizes that no tile divides; channels in fours, and not.</summary>
    static readonly Dictionary<string, ConvGeometry> _convolutions = new()
    {
        ["3×3"] = new(16, 20, 9, 7, Kernel: 3, Padding: 1),
        ["1×1"] = new(68, 132, 6, 5),
        ["stem"] = new(3, 18, 9, 8, Kernel: 7, Stride: 2, Padding: 3),
        ["strided"] = new(8, 12, 9, 10, Kernel: 3, Stride: 2, Padding: 1),
        ["groups"] = new(16, 32, 7, 6, Kernel: 3, Padding: 1, Groups: 4),
        ["odd groups"] = new(6, 9, 8, 5, Kernel: 3, Stride: 2, Padding: 1, Groups: 3),
        ["dilated"] = new(5, 7, 9, 9, Kernel: 3, Padding: 2, Dilation: 2),
    };

    /// <summary>All of them for the small tiles, and as much for the others as tells their sizes apart.</summary>
    public static IEnumerable<object[]> Cases =>
        from tile in _tiles.Keys
        from convolution in _convolutions.Keys
        where tile.EndsWith("64x16", StringComparison.Ordinal) || convolution is "3×3" or "1×1" or "odd groups"
        select new object[] { tile, convolution };

    [Theory, MemberData(nameof(Cases))]
    public void ForwardAgreesWithTheDefinition(string tile, string convolution)
    {
        var geometry = _convolutions[convolution];
        var backend = _backend.Value;
        var (input, weights) = (Values(1, Batch * geometry.InHeight * geometry.InWidth * geometry.InChannels), Values(2, (int)geometry.WeightCount));
        var expected = Products.Forward(geometry, Batch, Rounded(tile, input), Rounded(tile, weights));
        var (shift, addend) = (Values(3, geometry.OutChannels), Values(4, expected.Length));
        for (var i = 0; i < expected.Length; i++) expected[i] = Math.Max(0, expected[i] + shift[i % geometry.OutChannels]) + addend[i];

        var launcher = new ConvolutionLauncher(backend, geometry, new(_tiles[tile].Tile));
        using var packed = backend.Allocate<float>(launcher.PackedLength);
        using var weightsThere = backend.Upload(weights);
        using var inputThere = backend.Upload(input);
        using var shiftThere = backend.Upload(shift);
        using var addendThere = backend.Upload(addend);
        using var output = backend.Allocate<float>(expected.Length);
        launcher.Pack(weightsThere.View, packed.View);
        var epilogue = Epilogues.Plain(output.View, new(geometry.OutChannels, geometry.OutHeight, geometry.OutWidth));
        (epilogue.InnerShift, epilogue.Addend) = (shiftThere.View, addendThere.View);
        epilogue.Steps |= EpilogueSteps.InnerShift | EpilogueSteps.InnerRelu | EpilogueSteps.Add;
        launcher.Forward(Batch, inputThere.View, packed.View, epilogue);

        AssertClose(expected, output, "result");
    }

    [Theory, MemberData(nameof(Cases))]
    public void GradientsAgreeWithTheDefinition(string tile, string convolution)
    {
        var geometry = _convolutions[convolution];
        var backend = _backend.Value;
        var (input, weights) = (Values(1, Batch * geometry.InHeight * geometry.InWidth * geometry.InChannels), Values(2, (int)geometry.WeightCount));
        var gradient = Values(3, Batch * geometry.OutHeight * geometry.OutWidth * geometry.OutChannels);
        var before = Values(4, input.Length);
        var expected = Products.InputGradient(geometry, Batch, Rounded(tile, gradient), Rounded(tile, weights));
        for (var i = 0; i < expected.Length; i++) expected[i] += before[i];

        var launcher = new ConvolutionLauncher(backend, geometry, new(_tiles[tile].Tile));
        using var weightsThere = backend.Upload(weights);
        using var inputThere = backend.Upload(input);
        using var gradientThere = backend.Upload(gradient);
        using var inputGradient = backend.Upload(before);
        foreach (var phase in launcher.Phases)
        {
            using var packed = backend.Allocate<float>(launcher.PackedLengthOf(phase));
            launcher.Pack(weightsThere.View, packed.View, phase);
            launcher.InputGradient(phase, Batch, gradientThere.View, packed.View, inputGradient.View, accumulate: true);
        }
        AssertClose(expected, inputGradient, "gradient of the input");

        using var scratch = backend.Allocate<float>(launcher.ScratchLength(Batch));
        using var weightGradient = backend.Allocate<float>(geometry.WeightCount);
        launcher.WeightGradient(Batch, inputThere.View, gradientThere.View, scratch.View, weightGradient.View);
        AssertClose(Products.WeightGradient(geometry, Batch, Rounded(tile, input), Rounded(tile, gradient)), weightGradient, "gradient of the weights");
    }

    /// <summary>The rounding of a tile's operands; beyond that, it is as exact as float32.</summary>
    static float[] Rounded(string tile, float[] values) => Array.ConvertAll(values, value => Rounding.Of(_tiles[tile].Precision, value));

    static void AssertClose(double[] expected, GpuBuffer<float> actual, string what) =>
        Nets.AssertClose(expected, actual.Read(expected.Length), 1e-6, what);

    static float[] Values(ulong seed, int count)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Normal(i))];
    }
}
