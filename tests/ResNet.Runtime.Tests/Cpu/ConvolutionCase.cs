using System.Diagnostics.CodeAnalysis;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Direct;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Convolutions.Winograd;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>A convolution with random tensors, its packed form and the result that it should have.</summary>
sealed class ConvolutionCase : IDisposable
{
    readonly List<TestTensor> tensors = [];
    Convolution convolution;
    NativeBuffer? scratch;
    readonly MinimalFilter? filter;
    readonly TestTensor input;
    readonly float[] weights, scale, bias;
    readonly Lazy<(double[] Sums, double[] Magnitudes)> expected;
    readonly int batch;
    readonly int seed;

    /// <param name="filter">Winograd's, or none for direct convolution.</param>
    public ConvolutionCase(ConvGeometry geometry, int batch, int seed, bool scale = true, bool bias = true, MinimalFilter? filter = null)
    {
        (Geometry, this.batch, this.seed, this.filter) = (geometry, batch, seed, filter);
        weights = Values.Random((int)geometry.WeightCount, seed);
        this.scale = scale ? Values.Random(geometry.OutChannels, seed + 1) : [];
        this.bias = bias ? Values.Random(geometry.OutChannels, seed + 2) : [];
        var values = Values.Random(batch * geometry.InChannels * geometry.InHeight * geometry.InWidth, seed + 3);
        // Few channels stand as an image's do; a halo may be larger than the padding.
        var halo = geometry.Padding + (seed % 3 == 2 ? 1 : 0);
        var layout = geometry.InChannels < 8 && geometry.Groups == 1
            ? ActivationLayout.Compact(geometry.InChannels, geometry.InHeight, geometry.InWidth, halo)
            : ActivationLayout.Blocked(geometry.InChannels, geometry.InHeight, geometry.InWidth, halo);
        tensors.Add(input = new TestTensor(layout, batch, values));
        tensors.Add(Output = new TestTensor(OutputLayout(halo: seed % 2), batch));
        Use(TileSet.Best);
        expected = new(() => NaiveConvolution.Run(geometry, batch, values, weights,
            scale ? this.scale : [.. Enumerable.Repeat(1f, geometry.OutChannels)],
            bias ? this.bias : new float[geometry.OutChannels]));
    }

    public ConvGeometry Geometry { get; }
    public TileSet Tiles { get; private set; }
    public TestTensor Output { get; }

    /// <summary>Packs the weights anew, for another instruction set.</summary>
    [MemberNotNull(nameof(convolution), nameof(Tiles))]
    public void Use(TileSet tiles)
    {
        convolution?.Dispose();
        Tiles = tiles;
        convolution = filter is null
            ? new DirectConvolution(Correlation.Forward(Geometry), input.Layout, tiles)
            : new WinogradConvolution(Correlation.Forward(Geometry), input.Layout, filter, tiles);
        Pack(parts: 1);
    }

    public double Sums(int i) => expected.Value.Sums[i];

    public ActivationLayout OutputLayout(int halo) =>
        ActivationLayout.Blocked(Geometry.OutChannels, Geometry.OutHeight, Geometry.OutWidth, halo);

    /// <summary>Another tensor of random values.</summary>
    public TestTensor Add(ActivationLayout layout)
    {
        var tensor = new TestTensor(layout, batch, Values.Random(batch * layout.Channels * layout.Height * layout.Width, seed + 10 + tensors.Count));
        tensors.Add(tensor);
        return tensor;
    }

    public unsafe void SetInput(int pixel, float value) => input.FeatureMaps.At(0, 0, 0, pixel)[0] = value;

    public void Pack(int parts)
    {
        for (var part = parts - 1; part >= 0; part--) convolution.Pack(weights, scale, bias, part, parts);
    }

    /// <summary>Floats of the packed weights.</summary>
    public long PackedLength => convolution.PackedLength;

    /// <summary>Packs the weights to a place that others take, too.</summary>
    public unsafe void Pack(NativeBuffer place, int parts)
    {
        convolution.PackInto(place.Data);
        Pack(parts);
    }

    public unsafe void Run(KernelEpilogue epilogue, int parts)
    {
        var length = convolution.ScratchLength(batch, parts);
        if (scratch is null || scratch.Length < length)
        {
            scratch?.Dispose();
            scratch = new(length);
        }
        for (var part = parts - 1; part >= 0; part--)
            convolution.Run(input.FeatureMaps, Output.FeatureMaps, epilogue, scratch.Data, batch, part, parts);
    }

    public void AssertOutput(Func<int, double> value, string what) => AssertEqual(Output, value, what);

    public void AssertEqual(TestTensor tensor, Func<int, double> value, string what)
    {
        tensor.AssertInvariants();
        var actual = tensor.ToArray();
        for (var i = 0; i < actual.Length; i++)
            if (!(Math.Abs(actual[i] - value(i)) <= (filter is null ? 1e-5 : 1e-4) * (1 + expected.Value.Magnitudes[i])))
                Assert.Fail($"{convolution.Algorithm} {Tiles} {Geometry}, batch {batch}, {what}: {actual[i]} at {i}, expected {value(i)}");
    }

    public void Dispose()
    {
        convolution.Dispose();
        scratch?.Dispose();
        tensors.ForEach(tensor => tensor.Dispose());
    }
}
