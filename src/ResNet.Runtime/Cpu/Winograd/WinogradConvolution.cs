using System.Collections.Concurrent;

namespace ResNet.Runtime.Cpu.Winograd;

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

    readonly MinimalFilter filter;
    readonly TileGrid grid;
    readonly RunTiling[] tilings;
    readonly int panelBlocks;
    readonly NativeBuffer packed;
    readonly nint biasOffset;
    readonly ConcurrentDictionary<(int Batch, int Parts), Plan> plans = [];

    /// <param name="geometry">Sizes, for which <see cref="Suits"/>.</param>
    /// <param name="input">The layout that <see cref="Convolution.Run"/> will read: at least <c>Padding</c> pixels of halo.</param>
    /// <param name="filter">The minimal filter.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    public WinogradConvolution(in ConvGeometry geometry, in ActivationLayout input, MinimalFilter filter, TileSet? tiles = null) : base(geometry, input)
    {
        if (!Suits(geometry) || input.Lanes != Lanes)
            throw new ArgumentException($"{geometry} of {input} is not one for minimal filters of {MinimalFilter.Kernel}×{MinimalFilter.Kernel}.");
        this.filter = filter;
        grid = new(geometry.OutHeight, geometry.OutWidth, filter.Outputs);
        var set = tiles ?? TileSet.Best;
        panelBlocks = Math.Min(set.MaxBlocks, OutputBlocks);
        tilings = [.. Enumerable.Range(1, panelBlocks).Select(blocks => new RunTiling(set.Tiles(blocks, Lanes)))];
        biasOffset = (nint)OutputBlocks * Lanes * InputBlocks * Lanes * filter.Products;
        packed = new(biasOffset + OutputBlocks * Lanes, clear: false);
    }

    public override string Algorithm => $"Winograd {filter}";

    int InputBlocks => Input.Blocks;

    int Panels => (OutputBlocks + panelBlocks - 1) / panelBlocks;

    /// <summary>Whether a convolution has the kernel that the filters are for.</summary>
    public static bool Suits(in ConvGeometry geometry) =>
        geometry is { Kernel: MinimalFilter.Kernel, Stride: 1, Dilation: 1, Groups: 1 } && geometry.InChannels >= Lanes;

    public override long ScratchLength(int batch, int parts) => PlanFor(batch, parts).PartLength * parts;

    public override double Cycles(int batch, int parts) => PlanFor(batch, parts).Split.Cycles;

    public override void Dispose() => packed.Dispose();

    protected override void PackPanels(in WeightSource weights, ReadOnlySpan<float> bias, int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(Panels, part, parts);
        // The products of a block side by side first: written to their places one by one, all would meet in the same few
        // lines of the cache.
        var largestBlock = Lanes * panelBlocks * Lanes;
        var kernelTaps = MinimalFilter.Kernel * MinimalFilter.Kernel;
        using var kernels = new NativeBuffer(kernelTaps * largestBlock, clear: false);
        using var products = new NativeBuffer(filter.Products * (largestBlock + Lanes), clear: false);
        for (var panel = first; panel < end; panel++)
        {
            var (outputBlock, blocks) = PanelAt(panel);
            var width = blocks * Lanes;
            var blockSize = Lanes * width;
            var stride = blockSize + Lanes;
            for (var block = 0; block < InputBlocks; block++)
            {
                weights.CopyBlock(block * Lanes, Lanes, outputBlock * Lanes, width, kernels.Span(0, kernelTaps * blockSize));
                for (var i = 0; i < blockSize; i += Lanes)
                    filter.Weights.Apply(kernels.Data + i, MinimalFilter.Kernel * blockSize, blockSize, products.Data + i, filter.Weights.To * stride, stride);
                var to = WeightsOf(outputBlock) + (nint)block * blockSize;
                for (var product = 0; product < filter.Products; product++, to += (nint)InputBlocks * blockSize)
                    products.Span(product * stride, blockSize).CopyTo(new(to, blockSize));
            }
            CopyLanes(bias, outputBlock * Lanes, packed.Span(biasOffset + outputBlock * Lanes, width));
        }
    }

    (int OutputBlock, int Blocks) PanelAt(int panel) => (panel * panelBlocks, Math.Min(panelBlocks, OutputBlocks - panel * panelBlocks));

    float* WeightsOf(int outputBlock) => packed.Data + (nint)outputBlock * Lanes * InputBlocks * Lanes * filter.Products;
}
