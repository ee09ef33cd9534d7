using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu;

/// <summary>
/// A convolution made ready for this processor: weights, with the batch normalization folded in, stand in the order in
/// which the tile kernels read them.
/// </summary>
/// <remarks>
/// The output channels are cut into panels of one or two 16-channel blocks. A panel's weights are
/// <c>[input block][ky][kx][input lane][output lane]</c>, read strictly in order. A panel of a grouped convolution
/// reads the input blocks of its own groups only; within a block, products of different groups meet zeros, so that
/// groups of fewer than 16 channels are still computed 16 at a time.
/// </remarks>
sealed unsafe partial class PackedConvolution : IDisposable
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>What one tile call computes: a slice of the output channels from a range of input blocks.</summary>
    readonly record struct Panel(int OutputBlock, int Blocks, int InputBlock, int InputBlocks, nint Weights);

    readonly Panel[] panels;
    readonly RunTiling[] tilings;
    readonly NativeBuffer packed;
    readonly nint biasOffset;

    /// <summary>Estimated processor cycles for one image.</summary>
    readonly double cycles;

    /// <param name="geometry">Sizes.</param>
    /// <param name="input">The layout that <see cref="Run"/> will read: at least <c>Padding</c> pixels of halo; compact for images.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    public PackedConvolution(in ConvGeometry geometry, in ActivationLayout input, TileSet? tiles = null)
    {
        geometry.Validate();
        if (input.Channels != geometry.InChannels || input.Height != geometry.InHeight || input.Width != geometry.InWidth)
            throw new ArgumentException($"The input {input} is not that of {geometry}.");
        if (input.Halo < geometry.Padding)
            throw new ArgumentException($"The input {input} has too small a halo for a padding of {geometry.Padding}.");
        Geometry = geometry;
        Input = input;
        OutputBlocks = (geometry.OutChannels + Lanes - 1) / Lanes;

        var set = tiles ?? TileSet.Best;
        var pixelStride = IsDense ? input.ImageStride : (nint)geometry.Stride * input.Lanes;
        tilings = [.. Enumerable.Range(1, set.MaxBlocks).Select(blocks => new RunTiling(set.Tiles(blocks, pixelStride)))];
        panels = CutPanels(tilings.Length);
        cycles = CyclesOf(panels);
        // Wide panels reuse a loaded pixel more often, narrow ones mix fewer groups.
        for (var width = tilings.Length - 1; width > 0; width--)
        {
            var narrower = CutPanels(width);
            if (CyclesOf(narrower) >= cycles) continue;
            panels = narrower;
            cycles = CyclesOf(narrower);
        }

        biasOffset = panels[^1].Weights + WeightsOf(panels[^1]);
        packed = new NativeBuffer(biasOffset + OutputBlocks * Lanes, clear: false);
    }

    /// <summary>A dense layer: from and to vectors of [batch, channels rounded up to 16].</summary>
    public static PackedConvolution Dense(int inFeatures, int outFeatures, TileSet? tiles = null) =>
        new(new ConvGeometry(inFeatures, outFeatures, 1, 1), ActivationLayout.Blocked(inFeatures, 1, 1), tiles);

    public ConvGeometry Geometry { get; }

    /// <summary>How it is computed, for people: the largest tile in use, pixels × output channels.</summary>
    public string Algorithm => IsDense ? "direct" : FormattableString.Invariant($"direct {TilePixels}×{panels[0].Blocks * Lanes}");

    /// <summary>The layout of what <see cref="Run"/> reads.</summary>
    public ActivationLayout Input { get; }

    int OutputBlocks { get; }

    int TilePixels
    {
        get
        {
            var tiling = tilings[panels[0].Blocks - 1];
            return Geometry is { Kernel: 1, Stride: 1, Padding: 0 } ? tiling.First(Geometry.OutHeight * Geometry.OutWidth).Pixels
                : tiling.TryPair(Geometry.OutWidth, out var pair) ? pair.Pixels
                : tiling.First(Geometry.OutWidth).Pixels;
        }
    }

    /// <summary>A dense layer is a 1×1 convolution of 1×1 images: the images of a batch are the pixels of one run.</summary>
    bool IsDense => Geometry is { InHeight: 1, InWidth: 1, Kernel: 1, Padding: 0 };

    /// <summary>
    /// Folds and packs the weights: <c>y = scale · (weights ∗ x) + bias</c>. May be called again with other weights, and by
    /// several threads at once, each with its own part.
    /// </summary>
    /// <param name="weights">[OutChannels, InChannels / Groups, Kernel, Kernel].</param>
    /// <param name="scale">Per output channel; empty for 1.</param>
    /// <param name="bias">Per output channel; empty for 0.</param>
    /// <param name="part">Which of <paramref name="parts"/> to pack.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    public void Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, int part = 0, int parts = 1)
    {
        var g = Geometry;
        if (!scale.IsEmpty && scale.Length != g.OutChannels)
            throw new ArgumentException($"{g} has {g.OutChannels} scales, not {scale.Length}.", nameof(scale));
        if (!bias.IsEmpty && bias.Length != g.OutChannels)
            throw new ArgumentException($"{g} has {g.OutChannels} biases, not {bias.Length}.", nameof(bias));
        PackPanels(weights, transposed: false, scale, bias, part, parts);
    }

    /// <summary>Packs the weights of the convolution whose input's gradient this one computes: flipped, with input and output exchanged.</summary>
    /// <param name="weights">[InChannels, OutChannels / Groups, Kernel, Kernel].</param>
    /// <param name="part">Which of <paramref name="parts"/> to pack.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    public void PackTransposed(ReadOnlySpan<float> weights, int part = 0, int parts = 1) =>
        PackPanels(weights, transposed: true, scale: [], bias: [], part, parts);

    public void Dispose() => packed.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackPanels(ReadOnlySpan<float> weights, bool transposed, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, int part, int parts)
    {
        var g = Geometry;
        if (weights.Length != g.WeightCount)
            throw new ArgumentException($"{g} has {g.WeightCount} weights, not {weights.Length}.", nameof(weights));
        var (first, end) = WorkSplit.Slice(panels.Length, part, parts);
        for (var p = first; p < end; p++)
        {
            var panel = panels[p];
            for (var block = 0; block < panel.InputBlocks; block++)
                PackBlock(panel, block, weights, transposed, scale);
            var firstChannel = panel.OutputBlock * Lanes;
            var to = packed.Span(biasOffset + firstChannel, panel.Blocks * Lanes);
            to.Clear();
            if (!bias.IsEmpty)
                bias[firstChannel..Math.Min(g.OutChannels, firstChannel + to.Length)].CopyTo(to);
        }
    }

    /// <summary>Packs what one panel reads of one input block: [ky][kx][input lane][output lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackBlock(in Panel panel, int block, ReadOnlySpan<float> weights, bool transposed, ReadOnlySpan<float> scale)
    {
        var g = Geometry;
        var taps = g.Kernel * g.Kernel;
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        var width = panel.Blocks * Lanes;
        var tapSize = Input.Lanes * width;
        var firstIn = (panel.InputBlock + block) * Input.Lanes;
        var firstOut = panel.OutputBlock * Lanes;
        var (nextChannel, nextTap) = transposed ? (outGroup * taps, -1) : (taps, 1);
        var to = packed.Span(panel.Weights + (nint)block * taps * tapSize, taps * tapSize);
        // Lanes without a channel, and channels of different groups, meet zeros.
        if (g.Groups > 1 || firstIn + Input.Lanes > g.InChannels || firstOut + width > g.OutChannels)
            to.Clear();
        fixed (float* source = weights, target = to)
        {
            for (var o = firstOut; o < Math.Min(firstOut + width, g.OutChannels); o++)
            {
                var firstOfGroup = o / outGroup * inGroup;
                var first = Math.Max(firstIn, firstOfGroup);
                var end = Math.Min(firstIn + Input.Lanes, firstOfGroup + inGroup);
                var factor = scale.IsEmpty ? 1 : scale[o];
                // The canonical order is [o][c of group][tap]; transposed, [c][o of group][last tap … first tap].
                var from = source + (transposed ? (((nint)first * outGroup + o % outGroup) + 1) * taps - 1 : ((nint)o * inGroup + first - firstOfGroup) * taps);
                var at = target + (first - firstIn) * width + (o - firstOut);
                for (var c = first; c < end; c++, at += width, from += nextChannel)
                    for (var tap = 0; tap < taps; tap++) at[tap * tapSize] = from[tap * nextTap] * factor;
            }
        }
    }

    /// <summary>Products of a tile with one block of the input: weights of one pixel and one output channel.</summary>
    int ProductsPerBlock => Geometry.Kernel * Geometry.Kernel * Input.Lanes;

    nint WeightsOf(in Panel panel) => (nint)panel.InputBlocks * ProductsPerBlock * panel.Blocks * Lanes;

    /// <summary>Cuts the output channels into panels of a number of blocks.</summary>
    Panel[] CutPanels(int width)
    {
        int inGroup = Geometry.InChannels / Geometry.Groups, outGroup = Geometry.OutChannels / Geometry.Groups;
        var result = new Panel[(OutputBlocks + width - 1) / width];
        nint weights = 0;
        for (var p = 0; p < result.Length; p++)
        {
            var outputBlock = p * width;
            var blocks = Math.Min(width, OutputBlocks - outputBlock);
            var lastChannel = Math.Min(Geometry.OutChannels, (outputBlock + blocks) * Lanes) - 1;
            var firstIn = outputBlock * Lanes / outGroup * inGroup / Input.Lanes;
            var lastIn = ((lastChannel / outGroup + 1) * inGroup - 1) / Input.Lanes;
            result[p] = new(outputBlock, blocks, firstIn, lastIn - firstIn + 1, weights);
            weights += WeightsOf(result[p]);
        }
        return result;
    }

    double CyclesOf(Panel[] cut)
    {
        double sum = 0;
        foreach (var panel in cut)
            sum += RowCycles(tilings[panel.Blocks - 1]) * panel.InputBlocks * ProductsPerBlock * Geometry.OutHeight;
        return sum;
    }

    double RowCycles(RunTiling tiling) =>
        Geometry is { Kernel: 1, Stride: 1, Padding: 0 } ? tiling.Cycles(Geometry.OutHeight * Geometry.OutWidth) / Geometry.OutHeight
        : tiling.TryPair(Geometry.OutWidth, out var pair) ? pair.Cycles / 2
        : tiling.Cycles(Geometry.OutWidth);
}
