using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu;

sealed unsafe partial class PackedConvolution
{
    /// <summary>
    /// Rows are taken a few at a time, so that their input stays in the second-level cache for all the panels.
    /// </summary>
    const int CachedInputBytes = 256 * 1024;

    /// <summary>An input that is not larger than this is not cut: each cut reads all the weights once more.</summary>
    const int UncutInputBytes = 512 * 1024;

    /// <summary>Added where there is nothing to add, and stands where there is no bias.</summary>
    static readonly NativeBuffer Zeros = new(64);

    /// <summary>Computes one of several parts of a batch. All parts together compute it all, whatever their number and order.</summary>
    /// <param name="input">In the layout that the convolution was made for.</param>
    /// <param name="output">NCHW16c of any halo.</param>
    /// <param name="epilogue">What is done to the sums before they are stored.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Into how many parts the work is cut.</param>
    /// <exception cref="ArgumentException">A tensor's shape is not that of the convolution.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(Activation input, Activation output, in Epilogue epilogue, int batch, int part, int parts)
    {
        Validate(input, output, epilogue, batch, part, parts);
        var rows = batch * Geometry.OutHeight;
        var split = WorkSplit.Choose(parts, rows, panels.Length, Cycles * batch, (double)Input.SizeInFloats(batch) * sizeof(float), (double)biasOffset * sizeof(float));
        var (firstRow, endRow) = WorkSplit.Slice(rows, part / split.PanelParts, split.RowParts);
        var (firstPanel, endPanel) = WorkSplit.Slice(panels.Length, part % split.PanelParts, split.PanelParts);
        if (firstRow == endRow || firstPanel == endPanel) return;

        var call = Prepare(input, output, epilogue);
        var inTile = epilogue.FitsTile(output.Layout);
        var dense = IsDense && output.Layout.IsFlat && (!inTile || epilogue.Residual.IsNull || epilogue.Residual.Layout.IsFlat);
        var cached = CachedRows(endRow - firstRow);
        var firstBlock = panels[firstPanel].OutputBlock;
        var endBlock = panels[endPanel - 1].OutputBlock + panels[endPanel - 1].Blocks;

        for (var row = firstRow; row < endRow; row += cached)
        {
            var end = Math.Min(endRow, row + cached);
            for (var p = firstPanel; p < endPanel; p++)
            {
                var residual = inTile ? epilogue.Residual : default;
                if (dense)
                    RunDense(panels[p], &call, input, output, residual, row, end);
                else
                    foreach (var strip in new ImageStrips(row, end, Geometry.OutHeight))
                        RunPanel(panels[p], &call, input, output, residual, strip);
            }
            foreach (var strip in new ImageStrips(row, end, Geometry.OutHeight))
            {
                if (inTile)
                    output.ClearHalo(strip.Image, firstBlock, endBlock, strip.FirstRow, strip.EndRow);
                else
                    ElementWise.Apply(output, output, epilogue, strip.Image, firstBlock, endBlock, strip.FirstRow, strip.EndRow);
            }
        }
    }

    /// <summary>Estimated cycles for one image on one core.</summary>
    double Cycles
    {
        get
        {
            double cycles = 0;
            foreach (var panel in panels)
                cycles += (double)panel.InputBlocks * RowCycles(Geometry, tilings[panel.Blocks - 1]);
            return cycles * Input.Lanes * Geometry.Kernel * Geometry.Kernel * Geometry.OutHeight;
        }
    }

    /// <summary>The part of a tile's arguments that holds for the whole run.</summary>
    TileCall Prepare(Activation input, Activation output, in Epilogue epilogue)
    {
        var g = Geometry;
        var lanes = Input.Lanes;
        // The taps of a kernel's row are neighbours in memory unless they are dilated: one run then serves them all.
        var oneRun = g.Dilation == 1;
        var relu = epilogue.FitsTile(output.Layout) && (epilogue.Relu || epilogue.ReluBeforeAddition);
        return new TileCall
        {
            BlockStride = Input.PlaneStride,
            RowStride = Input.RowStride * g.Dilation,
            TapStride = g.Dilation * lanes,
            PixelStride = g.Stride * lanes,
            OutputPixelStride = Lanes,
            OutputBlockStride = output.Layout.PlaneStride,
            Rows = g.Kernel,
            Taps = oneRun ? 1 : g.Kernel,
            Depth = oneRun ? g.Kernel * lanes : lanes,
            Floor = relu ? 0 : float.NegativeInfinity,
        };
    }

    /// <summary>Output rows to compute at a time.</summary>
    int CachedRows(int rows)
    {
        var blocks = 0;
        foreach (var panel in panels) blocks = Math.Max(blocks, panel.InputBlocks);
        var rowBytes = (long)Input.RowStride * blocks * sizeof(float) * Geometry.Stride;
        if (rows * rowBytes <= UncutInputBytes) return rows;
        var most = Math.Max(1, CachedInputBytes / rowBytes);
        var cuts = (rows + most - 1) / most;
        return (int)((rows + cuts - 1) / cuts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RunPanel(in Panel panel, TileCall* call, Activation input, Activation output, Activation residual, ImageStrip strip)
    {
        var g = Geometry;
        var tiling = tilings[panel.Blocks - 1];
        call->Weights = packed.Data + panel.Weights;
        call->Bias = packed.Data + biasOffset + panel.OutputBlock * Lanes;
        call->Blocks = panel.InputBlocks;

        var inRow = Input.RowStride * g.Stride;
        var outRow = output.Layout.RowStride;
        nint residualRow = 0;
        var from = input.At(strip.Image, panel.InputBlock, strip.FirstRow * g.Stride - g.Padding, -g.Padding);
        var to = output.At(strip.Image, panel.OutputBlock, strip.FirstRow, 0);
        var add = Zeros.Data;
        if (!residual.IsNull)
        {
            add = residual.At(strip.Image, panel.OutputBlock, strip.FirstRow, 0);
            residualRow = residual.Layout.RowStride;
            call->ResidualPixelStride = Lanes;
            call->ResidualBlockStride = residual.Layout.PlaneStride;
        }

        var rows = strip.EndRow - strip.FirstRow;
        var isFlat = g is { Kernel: 1, Stride: 1, Padding: 0 } && Input.IsFlat && output.Layout.IsFlat
            && (residual.IsNull || residual.Layout.IsFlat);
        if (isFlat)
        {
            Cover(tiling, call, from, to, add, rows * g.OutWidth);
            return;
        }
        if (tiling.TryPair(g.OutWidth, out var pair))
        {
            call->HalfStride = inRow;
            call->OutputHalfStride = outRow;
            call->ResidualHalfStride = residualRow;
            call->Pixels = pair.Pixels;
            for (; rows >= 2; rows -= 2, from += 2 * inRow, to += 2 * outRow, add += 2 * residualRow)
            {
                call->Input = from;
                call->Output = to;
                call->Residual = add;
                pair.Kernel(call);
            }
        }
        for (; rows > 0; rows--, from += inRow, to += outRow, add += residualRow)
            Cover(tiling, call, from, to, add, g.OutWidth);
    }

    /// <summary>Computes 1×1 images first … end−1.</summary>
    void RunDense(in Panel panel, TileCall* call, Activation input, Activation output, Activation residual, int first, int end)
    {
        var add = Zeros.Data;
        if (!residual.IsNull)
        {
            add = residual.At(first, panel.OutputBlock, 0, 0);
            call->ResidualPixelStride = residual.Layout.ImageStride;
            call->ResidualBlockStride = residual.Layout.PlaneStride;
        }
        call->Weights = packed.Data + panel.Weights;
        call->Bias = packed.Data + biasOffset + panel.OutputBlock * Lanes;
        call->Blocks = panel.InputBlocks;
        call->PixelStride = Input.ImageStride;
        call->OutputPixelStride = output.Layout.ImageStride;
        Cover(tilings[panel.Blocks - 1], call,
            input.At(first, panel.InputBlock, 0, 0), output.At(first, panel.OutputBlock, 0, 0), add, end - first);
    }

    /// <summary>Computes a run of neighbouring pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Cover(RunTiling tiling, TileCall* call, float* from, float* to, float* add, int length)
    {
        while (length > 0)
        {
            ref readonly var tile = ref tiling.First(length);
            var half = tile.Pixels / 2;
            call->Input = from;
            call->Output = to;
            call->Residual = add;
            call->HalfStride = call->PixelStride * half;
            call->OutputHalfStride = call->OutputPixelStride * half;
            call->ResidualHalfStride = call->ResidualPixelStride * half;
            call->Pixels = Math.Min(length, tile.Pixels);
            tile.Kernel(call);
            from += call->PixelStride * tile.Pixels;
            to += call->OutputPixelStride * tile.Pixels;
            add += call->ResidualPixelStride * tile.Pixels;
            length -= tile.Pixels;
        }
    }

    void Validate(Activation input, Activation output, in Epilogue epilogue, int batch, int part, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, parts);
        if (input.Layout != Input)
            throw new ArgumentException($"The convolution was made for an input of {Input}, not {input.Layout}.", nameof(input));
        var expected = ActivationLayout.Blocked(Geometry.OutChannels, Geometry.OutHeight, Geometry.OutWidth, output.Layout.Halo);
        if (output.Layout != expected)
            throw new ArgumentException($"The convolution's output is {expected}, not {output.Layout}.", nameof(output));
        epilogue.Validate(output.Layout);
    }
}
