using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu.Training;

/// <summary>
/// The gradient of a convolution's weights: for every pair of an output and an input block and every tap, the outer
/// products of the output's gradient with the input, summed over the pixels of the batch.
/// </summary>
/// <remarks>
/// Many pairs are shared out among the threads; few pairs are summed by every thread over its own rows, and the sums are
/// added in the order of the threads. Either way the result has the same bits whenever the number of parts is the same.
/// </remarks>
sealed unsafe class WeightGradient
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Pixels in a row of kernel calls: the taps then find them in the first-level cache.</summary>
    const int CachedPixels = 128;

    readonly record struct Pair(int OutputBlock, int InputBlock);

    /// <summary>16 neighbouring floats of the input, the first <paramref name="Used"/> of which belong to the row of taps.</summary>
    readonly record struct Column(int Y, int X, int First, int Used);

    readonly ConvGeometry geometry;
    readonly ActivationLayout input;
    readonly WeightGradientKernel kernel;
    readonly Pair[] pairs;
    readonly Column[] columns;

    /// <param name="geometry">Sizes.</param>
    /// <param name="input">The layout of the convolution's input, as <see cref="PackedConvolution"/> reads it.</param>
    /// <param name="kernel">The instruction set; the processor's best where null.</param>
    public WeightGradient(in ConvGeometry geometry, in ActivationLayout input, WeightGradientKernel? kernel = null)
    {
        geometry.Validate();
        if (input.Halo < geometry.Padding)
            throw new ArgumentException($"The input {input} has too small a halo for a padding of {geometry.Padding}.");
        (this.geometry, this.input, this.kernel) = (geometry, input, kernel ?? WeightGradientKernel.Best);
        pairs = [.. Pairs(geometry, input.Lanes)];
        columns = [.. Columns(geometry, input.Lanes)];
    }

    /// <summary>Floats that the sums of all parts take.</summary>
    public long SumsLength(int parts) => (long)RowParts(parts) * pairs.Length * PairSize;

    /// <summary>Sums one of several parts; all must be done before <see cref="Reduce"/>.</summary>
    /// <param name="source">The convolution's input.</param>
    /// <param name="gradient">The gradient of its output, NCHW16c of any halo.</param>
    /// <param name="sums"><see cref="SumsLength"/> floats.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    /// <exception cref="ArgumentException">A tensor's shape is not that of the convolution.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(Activation source, Activation gradient, float* sums, int batch, int part, int parts)
    {
        var expected = ActivationLayout.Blocked(geometry.OutChannels, geometry.OutHeight, geometry.OutWidth, gradient.Layout.Halo);
        if (source.Layout != input || gradient.Layout != expected)
            throw new ArgumentException($"{geometry} does not take {source.Layout} and the gradient {gradient.Layout}.", nameof(source));
        var rowParts = RowParts(parts);
        var (firstPair, endPair) = WorkSplit.Slice(pairs.Length, rowParts == 1 ? part : 0, rowParts == 1 ? parts : 1);
        var (firstRow, endRow) = WorkSplit.Slice(batch * geometry.OutHeight, rowParts == 1 ? 0 : part, rowParts);
        var to = sums + (rowParts == 1 ? 0 : part) * pairs.Length * PairSize;
        for (var p = firstPair; p < endPair; p++)
        {
            var pairSums = to + p * PairSize;
            new Span<float>(pairSums, (int)PairSize).Clear();
            if (IsDense)
                RunRows(pairs[p], source, gradient, pairSums, firstRow, 0, 1, endRow - firstRow, source.Layout.ImageStride, gradient.Layout.ImageStride);
            else
                RunStrips(pairs[p], source, gradient, pairSums, firstRow, endRow);
        }
    }

    /// <summary>Adds up one of several parts of the sums and writes them in PyTorch's order.</summary>
    /// <param name="sums">What <see cref="Run"/> made, with as many parts.</param>
    /// <param name="gradient">[OutChannels, InChannels / Groups, Kernel, Kernel]; receives the gradient.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reduce(float* sums, Span<float> gradient, int part, int parts)
    {
        var others = RowParts(parts) - 1;
        var stride = pairs.Length * PairSize;
        var (first, end) = WorkSplit.Slice(pairs.Length, part, parts);
        for (var p = first; p < end; p++)
        {
            var to = sums + p * PairSize;
            for (var other = 1; other <= others; other++)
                for (nint i = 0; i < PairSize; i += Lanes)
                    (Vector512.Load(to + i) + Vector512.Load(to + other * stride + i)).Store(to + i);
            for (var c = 0; c < columns.Length; c++)
                for (var i = 0; i < columns[c].Used; i++)
                    Scatter(pairs[p], columns[c], i, to + (c * Lanes + i) * Lanes, gradient);
        }
    }

    nint PairSize => columns.Length * Lanes * Lanes;

    /// <summary>A dense layer: the images of a batch are the pixels of one row.</summary>
    bool IsDense => geometry is { InHeight: 1, InWidth: 1, Kernel: 1, Padding: 0 };

    int RowParts(int parts) => pairs.Length >= 4 * parts ? 1 : parts;

    void RunStrips(Pair pair, Activation source, Activation gradient, float* sums, int firstRow, int endRow)
    {
        var rows = Math.Max(1, CachedPixels / geometry.OutWidth);
        foreach (var strip in new ImageStrips(firstRow, endRow, geometry.OutHeight))
            for (var y = strip.FirstRow; y < strip.EndRow; y += rows)
                RunRows(pair, source, gradient, sums, strip.Image, y, Math.Min(rows, strip.EndRow - y), geometry.OutWidth, geometry.Stride * input.Lanes, Lanes);
    }

    /// <summary>All taps of a few rows of pixels.</summary>
    void RunRows(Pair pair, Activation source, Activation gradient, float* sums, int image, int y, int rows, int pixels, nint inputStride, nint gradientStride)
    {
        var call = new WeightGradientCall
        {
            InputPixelStride = inputStride,
            InputRowStride = input.RowStride * geometry.Stride,
            GradientPixelStride = gradientStride,
            GradientRowStride = gradient.Layout.RowStride,
            Pixels = pixels,
            Rows = rows,
        };
        var from = source.At(image, pair.InputBlock, y * geometry.Stride - geometry.Padding, -geometry.Padding);
        var by = gradient.At(image, pair.OutputBlock, y, 0);
        for (var c = 0; c < columns.Length; c++)
        {
            var column = columns[c];
            call.Input = from + column.Y * geometry.Dilation * input.RowStride + column.X * geometry.Dilation * input.Lanes + column.First;
            call.Gradient = by;
            call.Sums = sums + c * Lanes * Lanes;
            kernel.Run(&call, column.Used);
        }
    }

    /// <summary>Writes the gradients of one input channel, at one tap, for a block of output channels.</summary>
    void Scatter(Pair pair, Column column, int lane, float* from, Span<float> gradient)
    {
        int inGroup = geometry.InChannels / geometry.Groups, outGroup = geometry.OutChannels / geometry.Groups;
        var (tap, channel) = Math.DivRem(column.First + lane, input.Lanes);
        channel += pair.InputBlock * input.Lanes;
        if (channel >= geometry.InChannels) return;
        var firstOut = pair.OutputBlock * Lanes;
        var group = channel / inGroup;
        var end = Math.Min((group + 1) * outGroup, firstOut + Lanes);
        for (var o = Math.Max(group * outGroup, firstOut); o < end; o++)
            gradient[((o * inGroup + channel - group * inGroup) * geometry.Kernel + column.Y) * geometry.Kernel + column.X + tap] = from[o - firstOut];
    }

    /// <summary>The blocks that have a group in common.</summary>
    static IEnumerable<Pair> Pairs(ConvGeometry geometry, int inputLanes)
    {
        int inGroup = geometry.InChannels / geometry.Groups, outGroup = geometry.OutChannels / geometry.Groups;
        for (var first = 0; first < geometry.OutChannels; first += Lanes)
        {
            var last = Math.Min(geometry.OutChannels, first + Lanes) - 1;
            var end = ((last / outGroup + 1) * inGroup - 1) / inputLanes;
            for (var block = first / outGroup * inGroup / inputLanes; block <= end; block++)
                yield return new(first / Lanes, block);
        }
    }

    /// <summary>In the compact layout the taps of a row are neighbours in memory, unless they are dilated: they are one run.</summary>
    static IEnumerable<Column> Columns(ConvGeometry geometry, int inputLanes)
    {
        var isRun = inputLanes < Lanes && geometry.Dilation == 1;
        var length = isRun ? geometry.Kernel * inputLanes : inputLanes;
        for (var y = 0; y < geometry.Kernel; y++)
            for (var x = 0; x < (isRun ? 1 : geometry.Kernel); x++)
                for (var first = 0; first < length; first += Lanes)
                    yield return new(y, x, first, Math.Min(Lanes, length - first));
    }
}
