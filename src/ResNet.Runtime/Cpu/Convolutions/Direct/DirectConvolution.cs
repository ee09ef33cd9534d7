using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions.Direct;

/// <summary>
/// Direct convolution: weights, with the batch normalization folded in, stand in the order in
/// which the tile kernels read them.
/// </summary>
/// <remarks>
/// The output channels are cut into panels of one or two 16-channel blocks. A panel's weights are
/// <c>[input block][ky][kx][input lane][output lane]</c>, read strictly in order. A panel of a grouped convolution
/// reads the input blocks of its own groups only. Narrow groups whose channels divide a vector's have tiles of their own, which
/// multiply each lane by the channels of its group; those of other tiles multiply the products of different groups by zeros.
/// </remarks>
sealed unsafe partial class DirectConvolution : Convolution
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The work of one tile call: a slice of the output channels from a range of input blocks.</summary>
    readonly record struct Panel(int OutputBlock, int Blocks, int InputBlock, int InputBlocks, nint Weights);

    readonly Panel[] _panels;
    readonly RunTiling[] _tilings;
    readonly nint _biasOffset;

    /// <summary>Input channels that a tile multiplies at each tap of a block: all of them, or a group's where it keeps the groups apart.</summary>
    readonly int _depth;

    /// <summary>
    /// Whether the pixels that a strided 1×1 kernel reads are brought together first. Where they lie, every second line of the
    /// cache and every second row stay unused, and what is used competes for half of its places.
    /// </summary>
    readonly bool _gathers;

    /// <summary>
    /// Whether rows are computed as one run into scratch memory where the output's are apart, and copied to their places: one by one,
    /// or two by two, they would leave more tiles part empty than the copy costs.
    /// </summary>
    readonly bool _spreads;

    /// <summary>Bytes of weights that count as a cycle.</summary>
    readonly double _weightBytesPerCycle;

    /// <summary>Estimated processor cycles for one image.</summary>
    readonly double _cycles;

    /// <param name="correlation">The computation.</param>
    /// <param name="input">The layout that <see cref="Convolution.Run"/> will read.</param>
    /// <param name="tiles">The instruction set; the processor's best where null.</param>
    /// <exception cref="ArgumentException">An input of other channels, or whose halo is too small.</exception>
    public DirectConvolution(in Correlation correlation, in ActivationLayout input, TileSet? tiles = null) : base(correlation, input)
    {
        var set = tiles ?? TileSet.Best;
        var lanes = input.Lanes;
        _gathers = set.GathersStrided && correlation is { Rows: { Taps: 1, Offset: 0 }, Columns: { Taps: 1, Offset: 0, Stride: > 1 } } && lanes == Lanes;
        _weightBytesPerCycle = set.WeightBytesPerCycle;
        var pixelStride = PixelStride;
        // Wide panels reuse a loaded pixel more often, narrow ones mix fewer groups, and tiles of groups mix none.
        RunTiling[] wide = [.. Enumerable.Range(1, set.MaxBlocks).Select(blocks => new RunTiling(set.Tiles(blocks, pixelStride)))];
        var choices = Enumerable.Range(1, wide.Length).Reverse().Select(width => (Depth: lanes, Tilings: wide[..width]));
        var inGroup = correlation.InChannels / correlation.Groups;
        if (inGroup == correlation.OutChannels / correlation.Groups && lanes == Lanes && set.GroupedTiles(inGroup, pixelStride) is { Length: > 0 } grouped)
            choices = choices.Append((inGroup, [new RunTiling(grouped)]));
        _cycles = double.PositiveInfinity;
        (_panels, _tilings) = ([], wide);
        foreach (var choice in choices)
        {
            var cut = CutPanels(choice.Tilings.Length, choice.Depth);
            var cost = cut.Sum(panel => RowCycles(choice.Tilings[panel.Blocks - 1]) * panel.InputBlocks) * Correlation.Taps * choice.Depth * Correlation.Rows.Outputs;
            if (cost < _cycles) (_depth, _tilings, _panels, _cycles) = (choice.Depth, choice.Tilings, cut, cost);
        }

        _spreads = IsOneRun && 1.04 * RowCycles(_tilings[0]) < ApartCycles(_tilings[0]);
        _biasOffset = _panels[^1].Weights + WeightsOf(_panels[^1].InputBlocks, _panels[^1].Blocks, _depth);
    }

    /// <summary>A dense layer: from and to vectors of [batch, channels rounded up to 16].</summary>
    public static DirectConvolution Dense(int inFeatures, int outFeatures, TileSet? tiles = null) =>
        new(Correlation.Forward(new(inFeatures, outFeatures, 1, 1)), ActivationLayout.Blocked(inFeatures, 1, 1), tiles);

    public override string Algorithm => IsDense ? "direct" : FormattableString.Invariant($"{(KeepsGroupsApart ? "grouped" : "direct")} {TilePixels}×{_panels[0].Blocks * Lanes}");

    public override long ScratchLength(int batch, int parts) => _gathers || _spreads ? parts * PartLength(MostRows(batch, parts)) : 0;

    public override double Cycles(int batch, int parts) => Split(batch, parts).Cycles;

    public override long PackedLength => _biasOffset + OutputBlocks * Lanes;

    public override PackingLayout Layout => new("direct", Correlation.InChannels, Correlation.Kernel, Input.Lanes, _panels[0].Blocks, _depth);

    public override double PackingCycles => 0;

    /// <summary>Pixels of the largest tile in use.</summary>
    int TilePixels
    {
        get
        {
            var tiling = _tilings[_panels[0].Blocks - 1];
            var (height, width) = (Correlation.Rows.Outputs, Correlation.Columns.Outputs);
            return IsOneRun ? tiling.First(height * width).Pixels
                : (tiling.TryPair(width, out var pair) ? pair : tiling).First(width).Pixels;
        }
    }

    /// <summary>A dense layer is a 1×1 convolution of 1×1 images: the images of a batch are the pixels of one run.</summary>
    bool IsDense => Input is { Height: 1, Width: 1 } && Correlation is { IsPointwise: true, Rows.Outputs: 1, Columns.Outputs: 1 };

    /// <summary>The rows of an image follow each other without a gap, if the output's do.</summary>
    bool IsOneRun => _gathers || Correlation.IsPointwise && Input.Width == Correlation.Columns.Outputs && Input.IsFlat;

    /// <summary>Floats from the input of a pixel to that of the next.</summary>
    nint PixelStride => IsDense ? Input.ImageStride : _gathers ? Lanes : (nint)Correlation.Columns.Stride * Input.Lanes;

    bool KeepsGroupsApart => _depth < Input.Lanes;

    protected override void PackPanels(in WeightSource weights, ReadOnlySpan<float> bias, int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(_panels.Length, part, parts);
        for (var p = first; p < end; p++)
        {
            var panel = _panels[p];
            var (firstChannel, channels) = (panel.OutputBlock * Lanes, panel.Blocks * Lanes);
            var size = ProductsPerBlock * channels;
            for (var block = 0; block < panel.InputBlocks; block++)
            {
                weights.CopyBlock((panel.InputBlock + block) * Input.Lanes, Input.Lanes, firstChannel, channels,
                    PackedAt(panel.Weights + (nint)block * size, size), KeepsGroupsApart);
            }
            CopyLanes(bias, firstChannel, PackedAt(_biasOffset + firstChannel, channels));
        }
    }

    /// <summary>Products of a tile with one block of the input: weights of one pixel and one output channel.</summary>
    int ProductsPerBlock => Correlation.Taps * _depth;

    /// <summary>Weights of a panel.</summary>
    nint WeightsOf(int inputBlocks, int blocks, int depth) => (nint)inputBlocks * Correlation.Taps * depth * blocks * Lanes;

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

    /// <summary>Cycles of an output row for one input channel of one tap.</summary>
    double RowCycles(RunTiling tiling)
    {
        var (height, width) = (Correlation.Rows.Outputs, Correlation.Columns.Outputs);
        return IsOneRun ? tiling.Cycles(height * width) / height : ApartCycles(tiling);
    }

    /// <summary>The same where rows do not follow each other.</summary>
    double ApartCycles(RunTiling tiling)
    {
        var (height, width) = (Correlation.Rows.Outputs, Correlation.Columns.Outputs);
        if (!tiling.TryPair(width, out var pair)) return tiling.Cycles(width);
        return (height / 2 * pair.Cycles(width) + height % 2 * tiling.Cycles(width)) / height;
    }
}
