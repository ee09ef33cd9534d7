using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>
/// A 3×3 convolution of stride 1 by Winograd's minimal filtering (Lavin &amp; Gray 2016): squares of pixels and kernels are
/// transformed, then multiplied number by number, which over the channels makes (m+2)² matrix products of tiles × channels.
/// Those are 1×1 convolutions for the tile kernels.
/// </summary>
/// <remarks>
/// A few rows of tiles are taken at a time, so that their transformed pixels stay in the second-level cache for all the
/// panels; a panel's sums are transformed back at once. A panel's weights are
/// <c>[product][input block][input lane][output lane]</c>, read strictly in order.
/// </remarks>
sealed unsafe partial class WinogradConvolution : Convolution
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly MinimalFilter _filter;
    readonly TileGrid _grid;
    readonly RunTiling[] _tilings;
    readonly int _panelBlocks;
    readonly nint _biasOffset;
    readonly double _weightBytesPerCycle;
    readonly ConcurrentDictionary<(int Batch, int Parts), Plan> _plans = [];

    /// <param name="correlation">The computation, for which <see cref="Suits(in Correlation)"/>.</param>
    /// <param name="input">The layout that <see cref="Convolution.Run"/> will read: at least <c>Padding</c> pixels of halo.</param>
    /// <param name="filter">The minimal filter.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    public WinogradConvolution(in Correlation correlation, in ActivationLayout input, MinimalFilter filter, TileSet? tiles = null) : base(correlation, input)
    {
        if (!Suits(correlation) || input.Lanes != Lanes)
            throw new ArgumentException($"The {correlation} of {input} is none for minimal filters of {MinimalFilter.Kernel}×{MinimalFilter.Kernel}.");
        this._filter = filter;
        _grid = new(correlation.Rows.Outputs, correlation.Columns.Outputs, filter.Outputs);
        var set = tiles ?? TileSet.Best;
        _weightBytesPerCycle = set.WeightBytesPerCycle;
        _panelBlocks = Math.Min(set.MaxBlocks, OutputBlocks);
        _tilings = [.. Enumerable.Range(1, _panelBlocks).Select(blocks => new RunTiling(set.Products(blocks)))];
        _biasOffset = (nint)OutputBlocks * Lanes * InputBlocks * Lanes * filter.Products;
    }

    public override string Algorithm => $"Winograd {_filter}";

    int InputBlocks => Input.Blocks;

    int Panels => (OutputBlocks + _panelBlocks - 1) / _panelBlocks;

    /// <summary>Whether a convolution has the kernel that the filters are for.</summary>
    public static bool Suits(in Correlation correlation) =>
        correlation is { Groups: 1, InChannels: >= Lanes } && Suits(correlation.Rows) && Suits(correlation.Columns);

    static bool Suits(CorrelationAxis axis) => axis is { Taps: MinimalFilter.Kernel, Stride: 1, Dilation: 1 };

    public override long ScratchLength(int batch, int parts) => PlanFor(batch, parts).PartLength * parts;

    public override double Cycles(int batch, int parts) => PlanFor(batch, parts).Split.Cycles;

    public override long PackedLength => _biasOffset + OutputBlocks * Lanes;

    public override PackingLayout Layout => new(Algorithm, Correlation.InChannels, Correlation.Kernel, Lanes, _panelBlocks, Lanes);

    /// <summary>The transformed weights are written and copied.</summary>
    public override double PackingCycles => 1.2 * _biasOffset;

    [SkipLocalsInit]
    protected override void PackPanels(in WeightSource weights, ReadOnlySpan<float> bias, int part, int parts)
    {
        // The products of a block side by side first: written to their places one by one, all would meet in the same few
        // lines of the cache.
        var largestBlock = Lanes * _panelBlocks * Lanes;
        const int taps = MinimalFilter.Kernel * MinimalFilter.Kernel;
        var kernels = NativeBuffer.Align(stackalloc float[taps * largestBlock + Lanes]);
        var products = NativeBuffer.Align(stackalloc float[_filter.Products * (largestBlock + Lanes) + Lanes]);
        var (first, end) = WorkSplit.Slice(Panels, part, parts);
        for (var panel = first; panel < end; panel++)
        {
            var (outputBlock, blocks) = PanelAt(panel);
            var width = blocks * Lanes;
            var blockSize = Lanes * width;
            var stride = blockSize + Lanes;
            for (var block = 0; block < InputBlocks; block++)
            {
                weights.CopyBlock(block * Lanes, Lanes, outputBlock * Lanes, width, new(kernels, taps * blockSize));
                for (var i = 0; i < blockSize; i += Lanes)
                    _filter.Weights.Apply(kernels + i, MinimalFilter.Kernel * blockSize, blockSize, products + i, _filter.Weights.To * stride, stride);
                var to = WeightsOf(outputBlock) + (nint)block * blockSize;
                for (var product = 0; product < _filter.Products; product++, to += (nint)InputBlocks * blockSize)
                    Store(products + product * stride, to, blockSize);
            }
            CopyLanes(bias, outputBlock * Lanes, PackedAt(_biasOffset + outputBlock * Lanes, width));
        }
    }

    /// <summary>Results that leave the caches before they are read need not be fetched into them to be written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Store(float* from, float* to, int floats)
    {
        if (IsPackedForOneUse && !Prefetching.Pays(PackedLength))
            for (var i = 0; i < floats; i += Lanes) Vector512.Load(from + i).StoreAligned(to + i);
        else
            for (var i = 0; i < floats; i += Lanes) Vector512.Load(from + i).StoreAlignedNonTemporal(to + i);
    }

    (int OutputBlock, int Blocks) PanelAt(int panel) => (panel * _panelBlocks, Math.Min(_panelBlocks, OutputBlocks - panel * _panelBlocks));

    float* WeightsOf(int outputBlock) => Packed + (nint)outputBlock * Lanes * InputBlocks * Lanes * _filter.Products;
}
