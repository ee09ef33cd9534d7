using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu;

/// <summary>
/// A convolution made ready for this processor: weights, with the batch normalization folded in, stand in the order in
/// which the tile kernels read them.
/// </summary>
/// <remarks>
/// The output channels are cut into panels of one or two 16-channel blocks. A panel's weights are
/// <c>[input block][ky][kx][input lane][output lane]</c>, read strictly in order. A panel of a grouped convolution
/// reads the input blocks of its own groups only. Narrow groups whose channels divide a vector's have tiles of their own, which
/// multiply each lane by the channels of its group; within a block, products of other groups meet zeros.
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

    /// <summary>Input channels that a tile multiplies at each tap of a block: all of them, or a group's where it keeps the groups apart.</summary>
    readonly int depth;

    /// <summary>Estimated processor cycles for one image.</summary>
    readonly double cycles;

    /// <summary>Where each tap's weight stands among those of a pair of channels, in the order of packing.</summary>
    readonly int[] taps;

    /// <param name="geometry">Sizes.</param>
    /// <param name="input">The layout that <see cref="Run"/> will read: at least <c>Padding</c> pixels of halo; compact for images.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">No such convolution, or an input that does not go with it.</exception>
    public PackedConvolution(in ConvGeometry geometry, in ActivationLayout input, TileSet? tiles = null)
        : this(Forward(geometry, input), input, tiles)
    {
    }

    /// <param name="correlation">What is computed.</param>
    /// <param name="input">The layout that <see cref="Run"/> will read.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">An input of other channels, or whose halo is too small.</exception>
    public PackedConvolution(in Correlation correlation, in ActivationLayout input, TileSet? tiles = null)
    {
        var (rows, columns, kernel) = (correlation.Rows, correlation.Columns, correlation.Kernel);
        if (input.Channels != correlation.InChannels)
            throw new ArgumentException($"The input {input} is not that of the {correlation}.");
        if (input.Halo < Math.Max(rows.Reach(input.Height), columns.Reach(input.Width)))
            throw new ArgumentException($"The input {input} has too small a halo for the {correlation}.");
        Correlation = correlation;
        Input = input;
        OutputBlocks = (correlation.OutChannels + Lanes - 1) / Lanes;
        taps = [.. from y in Enumerable.Range(0, rows.Taps)
                   from x in Enumerable.Range(0, columns.Taps)
                   select (rows.FirstTap + y * rows.TapStep) * kernel + columns.FirstTap + x * columns.TapStep];

        var set = tiles ?? TileSet.Best;
        var pixelStride = IsDense ? input.ImageStride : (nint)columns.Stride * input.Lanes;
        var lanes = input.Lanes;
        // Wide panels reuse a loaded pixel more often, narrow ones mix fewer groups, and tiles of groups mix none.
        RunTiling[] wide = [.. Enumerable.Range(1, set.MaxBlocks).Select(blocks => new RunTiling(set.Tiles(blocks, pixelStride)))];
        var choices = Enumerable.Range(1, wide.Length).Reverse().Select(width => (Depth: lanes, Tilings: wide[..width]));
        var inGroup = correlation.InChannels / correlation.Groups;
        if (inGroup == correlation.OutChannels / correlation.Groups && lanes == Lanes && set.GroupedTiles(inGroup, pixelStride) is { Length: > 0 } grouped)
            choices = choices.Append((inGroup, [new RunTiling(grouped)]));
        cycles = double.PositiveInfinity;
        (panels, tilings) = ([], wide);
        foreach (var choice in choices)
        {
            var cut = CutPanels(choice.Tilings.Length, choice.Depth);
            var cost = cut.Sum(panel => (double)RowCycles(choice.Tilings[panel.Blocks - 1]) * panel.InputBlocks * taps.Length * choice.Depth * rows.Outputs);
            if (cost < cycles) (depth, tilings, panels, cycles) = (choice.Depth, choice.Tilings, cut, cost);
        }

        biasOffset = panels[^1].Weights + WeightsOf(panels[^1].InputBlocks, panels[^1].Blocks, depth);
        packed = new NativeBuffer(biasOffset + OutputBlocks * Lanes, clear: false);
    }

    /// <summary>A dense layer: from and to vectors of [batch, channels rounded up to 16].</summary>
    public static PackedConvolution Dense(int inFeatures, int outFeatures, TileSet? tiles = null) =>
        new(new ConvGeometry(inFeatures, outFeatures, 1, 1), ActivationLayout.Blocked(inFeatures, 1, 1), tiles);

    /// <summary>What is computed.</summary>
    public Correlation Correlation { get; }

    /// <summary>The layout of what <see cref="Run"/> reads.</summary>
    public ActivationLayout Input { get; }

    int OutputBlocks { get; }

    /// <summary>A dense layer is a 1×1 convolution of 1×1 images: the images of a batch are the pixels of one run.</summary>
    bool IsDense => Input is { Height: 1, Width: 1 } && Correlation is { IsPointwise: true, Rows.Outputs: 1, Columns.Outputs: 1 };

    /// <summary>
    /// Folds and packs the weights: <c>y = scale · (weights ∗ x) + bias</c>. May be called again with other weights, and by
    /// several threads at once, each with its own part.
    /// </summary>
    /// <param name="weights">The layer's, [OutChannels, InChannels / Groups, Kernel, Kernel].</param>
    /// <param name="scale">Per output channel; empty for 1.</param>
    /// <param name="bias">Per output channel; empty for 0.</param>
    /// <param name="part">Which of <paramref name="parts"/> to pack.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(ReadOnlySpan<float> weights, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, int part = 0, int parts = 1)
    {
        var c = Correlation;
        if (weights.Length != c.WeightCount)
            throw new ArgumentException($"A {c} has {c.WeightCount} weights, not {weights.Length}.", nameof(weights));
        if (!scale.IsEmpty && scale.Length != c.OutChannels)
            throw new ArgumentException($"A {c} has {c.OutChannels} scales, not {scale.Length}.", nameof(scale));
        if (!bias.IsEmpty && bias.Length != c.OutChannels)
            throw new ArgumentException($"A {c} has {c.OutChannels} biases, not {bias.Length}.", nameof(bias));
        var (first, end) = WorkSplit.Slice(panels.Length, part, parts);
        for (var p = first; p < end; p++)
        {
            var panel = panels[p];
            for (var block = 0; block < panel.InputBlocks; block++)
                PackBlock(panel, block, weights, scale);
            var firstChannel = panel.OutputBlock * Lanes;
            var to = packed.Span(biasOffset + firstChannel, panel.Blocks * Lanes);
            to.Clear();
            if (!bias.IsEmpty)
                bias[firstChannel..Math.Min(c.OutChannels, firstChannel + to.Length)].CopyTo(to);
        }
    }

    public void Dispose() => packed.Dispose();

    static Correlation Forward(in ConvGeometry geometry, in ActivationLayout input)
    {
        geometry.Validate();
        return input.Height == geometry.InHeight && input.Width == geometry.InWidth
            ? Correlation.Forward(geometry)
            : throw new ArgumentException($"The input {input} is not that of {geometry}.");
    }

    /// <summary>Packs what one panel reads of one input block: [tap][input lane, or channel of each group][output lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackBlock(in Panel panel, int block, ReadOnlySpan<float> weights, ReadOnlySpan<float> scale)
    {
        var g = Correlation;
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        var width = panel.Blocks * Lanes;
        var tapSize = depth * width;
        var firstIn = (panel.InputBlock + block) * Input.Lanes;
        var firstOut = panel.OutputBlock * Lanes;
        var to = packed.Span(panel.Weights + (nint)block * taps.Length * tapSize, taps.Length * tapSize);
        // Lanes without a channel, and channels of different groups, meet zeros.
        if (g.Groups > 1 || firstIn + Input.Lanes > g.InChannels || firstOut + width > g.OutChannels)
            to.Clear();
        nint kernel = g.Kernel * g.Kernel;
        fixed (float* source = weights, target = to)
        fixed (int* tapOffsets = taps)
        {
            for (var o = firstOut; o < Math.Min(firstOut + width, g.OutChannels); o++)
            {
                var firstOfGroup = o / outGroup * inGroup;
                var first = Math.Max(firstIn, firstOfGroup);
                var end = Math.Min(firstIn + Input.Lanes, firstOfGroup + inGroup);
                var factor = scale.IsEmpty ? 1 : scale[o];
                // The canonical order is [o][c of group][tap]; transposed, [c][o of group][tap].
                var (pair, next) = g.IsTransposed ? ((nint)first * outGroup + o % outGroup, outGroup) : ((nint)o * inGroup + first - firstOfGroup, (nint)1);
                var from = source + pair * kernel;
                var at = target + (depth == Input.Lanes ? first - firstIn : 0) * width + (o - firstOut);
                for (var c = first; c < end; c++, at += width, from += next * kernel)
                    for (var tap = 0; tap < taps.Length; tap++) at[tap * tapSize] = from[tapOffsets[tap]] * factor;
            }
        }
    }

    /// <summary>Products of a tile with one block of the input: weights of one pixel and one output channel.</summary>
    int ProductsPerBlock => taps.Length * depth;

    /// <summary>Weights of a panel.</summary>
    nint WeightsOf(int inputBlocks, int blocks, int depth) => (nint)inputBlocks * taps.Length * depth * blocks * Lanes;

    /// <summary>Cuts the output channels into panels of a number of blocks, for tiles that multiply so many channels at a tap.</summary>
    Panel[] CutPanels(int width, int depth)
    {
        int inGroup = Correlation.InChannels / Correlation.Groups, outGroup = Correlation.OutChannels / Correlation.Groups;
        var result = new Panel[(OutputBlocks + width - 1) / width];
        nint weights = 0;
        for (var p = 0; p < result.Length; p++)
        {
            var outputBlock = p * width;
            var blocks = Math.Min(width, OutputBlocks - outputBlock);
            var lastChannel = Math.Min(Correlation.OutChannels, (outputBlock + blocks) * Lanes) - 1;
            var firstIn = outputBlock * Lanes / outGroup * inGroup / Input.Lanes;
            var lastIn = ((lastChannel / outGroup + 1) * inGroup - 1) / Input.Lanes;
            result[p] = new(outputBlock, blocks, firstIn, lastIn - firstIn + 1, weights);
            weights += WeightsOf(result[p].InputBlocks, blocks, depth);
        }
        return result;
    }

    double RowCycles(RunTiling tiling)
    {
        var (height, width) = (Correlation.Rows.Outputs, Correlation.Columns.Outputs);
        return Correlation.IsPointwise ? tiling.Cycles(height * width) / height
            : tiling.TryPair(width, out var pair) ? pair.Cycles / 2
            : tiling.Cycles(width);
    }
}
