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
    readonly List<TestTensor> _tensors = [];
    Convolution _convolution;
    NativeBuffer? _scratch;
    readonly MinimalFilter? _filter;
    readonly TestTensor _input;
    readonly float[] _weights, _scale, _bias;
    readonly Lazy<(double[] Sums, double[] Magnitudes)> _expected;
    readonly int _batch;
    readonly int _seed;

    /// <param name="filter">Winograd's, or none for direct convolution.</param>
    public ConvolutionCase(ConvGeometry geometry, int batch, int seed, bool scale = true, bool bias = true, MinimalFilter? filter = null)
    {
        (Geometry, this._batch, this._seed, this._filter) = (geometry, batch, seed, filter);
        _weights = Values.Random((int)geometry.WeightCount, seed);
        this._scale = scale ? Values.Random(geometry.OutChannels, seed + 1) : [];
        this._bias = bias ? Values.Random(geometry.OutChannels, seed + 2) : [];
        var values = Values.Random(batch * geometry.InChannels * geometry.InHeight * geometry.InWidth, seed + 3);
        // Few channels stand as an image's do; a halo may be larger than the padding.
        var halo = geometry.Padding + (seed % 3 == 2 ? 1 : 0);
        var layout = geometry.InChannels < 8 && geometry.Groups == 1
            ? ActivationLayout.Compact(geometry.InChannels, geometry.InHeight, geometry.InWidth, halo)
            : ActivationLayout.Blocked(geometry.InChannels, geometry.InHeight, geometry.InWidth, halo);
        _tensors.Add(_input = new TestTensor(layout, batch, values));
        _tensors.Add(Output = new TestTensor(OutputLayout(halo: seed % 2), batch));
        Use(TileSet.Best);
        _expected = new(() => NaiveConvolution.Run(geometry, batch, values, _weights,
            scale ? this._scale : [.. Enumerable.Repeat(1f, geometry.OutChannels)],
            bias ? this._bias : new float[geometry.OutChannels]));
    }

    public ConvGeometry Geometry { get; }
    public TileSet Tiles { get; private set; }
    public TestTensor Output { get; }

    /// <summary>Packs the weights anew, for another instruction set.</summary>
    [MemberNotNull(nameof(_convolution), nameof(Tiles))]
    public void Use(TileSet tiles)
    {
        _convolution?.Dispose();
        Tiles = tiles;
        _convolution = _filter is null
            ? new DirectConvolution(Correlation.Forward(Geometry), _input.Layout, tiles)
            : new WinogradConvolution(Correlation.Forward(Geometry), _input.Layout, _filter, tiles);
        Pack(parts: 1);
    }

    public double Sums(int i) => _expected.Value.Sums[i];

    public ActivationLayout OutputLayout(int halo) =>
        ActivationLayout.Blocked(Geometry.OutChannels, Geometry.OutHeight, Geometry.OutWidth, halo);

    /// <summary>Another tensor of random values.</summary>
    public TestTensor Add(ActivationLayout layout)
    {
        var tensor = new TestTensor(layout, _batch, Values.Random(_batch * layout.Channels * layout.Height * layout.Width, _seed + 10 + _tensors.Count));
        _tensors.Add(tensor);
        return tensor;
    }

    public unsafe void SetInput(int pixel, float value) => _input.FeatureMaps.At(0, 0, 0, pixel)[0] = value;

    public void Pack(int parts)
    {
        for (var part = parts - 1; part >= 0; part--) _convolution.Pack(_weights, _scale, _bias, part, parts);
    }

    /// <summary>Floats of the packed weights.</summary>
    public long PackedLength => _convolution.PackedLength;

    /// <summary>Packs the weights to a place that others take, too.</summary>
    public unsafe void Pack(NativeBuffer place, int parts)
    {
        _convolution.PackInto(place.Data);
        Pack(parts);
    }

    public unsafe void Run(KernelEpilogue epilogue, int parts)
    {
        var length = _convolution.ScratchLength(_batch, parts);
        if (_scratch is null || _scratch.Length < length)
        {
            _scratch?.Dispose();
            _scratch = new(length);
        }
        for (var part = parts - 1; part >= 0; part--)
            _convolution.Run(_input.FeatureMaps, Output.FeatureMaps, epilogue, _scratch.Data, _batch, part, parts);
    }

    public void AssertOutput(Func<int, double> value, string what) => AssertEqual(Output, value, what);

    public void AssertEqual(TestTensor tensor, Func<int, double> value, string what)
    {
        tensor.AssertInvariants();
        var actual = tensor.ToArray();
        for (var i = 0; i < actual.Length; i++)
            if (!(Math.Abs(actual[i] - value(i)) <= (_filter is null ? 1e-5 : 1e-4) * (1 + _expected.Value.Magnitudes[i])))
                Assert.Fail($"{_convolution.Algorithm} {Tiles} {Geometry}, batch {_batch}, {what}: {actual[i]} at {i}, expected {value(i)}");
    }

    public void Dispose()
    {
        _convolution.Dispose();
        _scratch?.Dispose();
        _tensors.ForEach(tensor => tensor.Dispose());
    }
}
