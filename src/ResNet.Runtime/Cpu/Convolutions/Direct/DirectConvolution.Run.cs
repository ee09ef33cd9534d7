using System.Runtime.CompilerServices;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Convolutions.Direct;

sealed unsafe partial class DirectConvolution
{
    /// <summary>Rows are taken a few at a time, so that their input stays in the second-level cache for all the panels.</summary>
    const int CachedInputBytes = 256 * 1024;

    /// <summary>An input that is not larger than this is not cut: each cut reads all the weights once more.</summary>
    const int UncutInputBytes = 512 * 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(FeatureMaps input, FeatureMaps output, in KernelEpilogue epilogue, float* scratch, int batch, int part, int parts)
    {
        var height = Correlation.Rows.Outputs;
        var split = Split(batch, parts);
        var (firstRow, endRow) = WorkSplit.Slice(batch * height, part / split.PanelParts, split.RowParts);
        var (firstPanel, endPanel) = WorkSplit.Slice(_panels.Length, part % split.PanelParts, split.PanelParts);
        if (firstRow == endRow || firstPanel == endPanel) return;

        var inTile = epilogue.FitsTile(output.Layout);
        var residual = inTile ? epilogue.Residual : default;
        var step = CachedRows(endRow - firstRow);
        var call = Prepare(output.Layout, residual, relu: inTile && (epilogue.Relu || epilogue.ReluBeforeAddition));
        var gathered = scratch;
        if (_gathers || _spreads) gathered += part * PartLength(MostRows(batch, parts));
        if (_gathers) call.BlockStride = GatheredPlane(step);
        var spread = _spreads && residual.IsNull && !output.Layout.IsFlat ? gathered + GatheredLength(step) : null;
        var firstBlock = _panels[firstPanel].OutputBlock;
        var endBlock = _panels[endPanel - 1].OutputBlock + _panels[endPanel - 1].Blocks;

        for (var row = firstRow; row < endRow; row += step)
        {
            var end = Math.Min(endRow, row + step);
            if (_gathers) Gather(input, gathered, call.BlockStride, row, end);
            for (var p = firstPanel; p < endPanel; p++)
            {
                BeginPanel(_panels[p], &call, pixels: (end - row) * Correlation.Columns.Outputs, isLast: p == endPanel - 1);
                if (IsDense)
                    RunDense(_panels[p], &call, input, output, residual, row, end);
                else
                    foreach (var strip in new ImageStrips(row, end, height))
                    {
                        var from = InputOf(_panels[p], input, gathered, call.BlockStride, strip, row);
                        if (spread is null) RunStrip(_panels[p], &call, from, output, residual, strip);
                        else RunSpread(_panels[p], call, from, output, spread, strip);
                    }
            }
            foreach (var strip in new ImageStrips(row, end, height))
            {
                if (inTile)
                    output.ClearHalo(strip.Image, firstBlock, endBlock, strip.FirstRow, strip.EndRow);
                else
                    ElementWise.Apply(output, output, epilogue, strip.Image, firstBlock, endBlock, strip.FirstRow, strip.EndRow);
            }
        }
    }

    /// <summary>The part of a tile's arguments that holds for the whole run.</summary>
    TileCall Prepare(in ActivationLayout output, FeatureMaps residual, bool relu)
    {
        var (rows, columns) = (Correlation.Rows, Correlation.Columns);
        var lanes = Input.Lanes;
        // The taps of a kernel's row are neighbors in memory unless they are dilated: one run then serves them all.
        var oneRun = columns.Dilation == 1 && _depth == lanes;
        var pixelStride = PixelStride;
        var call = new TileCall
        {
            BlockStride = Input.PlaneStride,
            RowStride = Input.RowStride * rows.Dilation,
            TapStride = columns.Dilation * lanes,
            PixelStride = pixelStride,
            FetchStride = Correlation.IsPointwise ? pixelStride : Lanes,
            OutputPixelStride = IsDense ? output.ImageStride : output.PixelStride,
            OutputBlockStride = output.PlaneStride,
            Rows = rows.Taps,
            Taps = oneRun ? 1 : columns.Taps,
            Depth = oneRun ? columns.Taps * lanes : _depth,
            Floor = relu ? 0 : float.NegativeInfinity,
        };
        if (!residual.IsNull)
        {
            call.ResidualPixelStride = IsDense ? residual.Layout.ImageStride : residual.Layout.PixelStride;
            call.ResidualBlockStride = residual.Layout.PlaneStride;
        }
        return call;
    }

    /// <summary>Output rows to compute at a time.</summary>
    int CachedRows(int rows)
    {
        var (y, x) = (Correlation.Rows, Correlation.Columns);
        // Strided kernels smaller than their stride skip rows and pixels.
        var pixels = Math.Min(y.Taps, y.Stride) * Math.Min(Input.Width, x.Outputs * x.Taps);
        var rowBytes = (long)pixels * Input.Lanes * _panels[0].InputBlocks * sizeof(float);
        if (rows * rowBytes <= UncutInputBytes) return rows;
        var most = Math.Max(1, CachedInputBytes / rowBytes);
        var cuts = (rows + most - 1) / most;
        return (int)((rows + cuts - 1) / cuts);
    }

    /// <summary>The part of a tile's arguments that holds for a panel.</summary>
    void BeginPanel(in Panel panel, TileCall* call, int pixels, bool isLast)
    {
        call->Weights = Packed + panel.Weights;
        call->Bias = Packed + _biasOffset + panel.OutputBlock * Lanes;
        call->Blocks = panel.InputBlocks;
        call->NextPanel = isLast ? call->Weights : call->Weights + panel.InputBlocks * ProductsPerBlock * panel.Blocks * Lanes;
        call->NextPanelStride = isLast ? 0 : TileCall.EvenStride(panel.Blocks, _tilings[panel.Blocks - 1].Count(pixels));
    }

    /// <summary>The start of a panel's input of a strip.</summary>
    float* InputOf(in Panel panel, FeatureMaps input, float* gathered, nint plane, ImageStrip strip, int firstRow)
    {
        var (rows, columns) = (Correlation.Rows, Correlation.Columns);
        return _gathers
            ? gathered + panel.InputBlock * plane + (strip.Image * rows.Outputs + strip.FirstRow - firstRow) * GatheredRow
            : input.At(strip.Image, panel.InputBlock, strip.FirstRow * rows.Stride + rows.Offset, columns.Offset);
    }

    /// <summary>Computes rows of one image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RunStrip(in Panel panel, TileCall* call, float* from, FeatureMaps output, FeatureMaps residual, ImageStrip strip)
    {
        var (y, width) = (Correlation.Rows, Correlation.Columns.Outputs);
        var tiling = _tilings[panel.Blocks - 1];
        var to = output.At(strip.Image, panel.OutputBlock, strip.FirstRow, 0);
        var add = residual.IsNull ? TileCall.Nothing : residual.At(strip.Image, panel.OutputBlock, strip.FirstRow, 0);
        var inRow = _gathers ? GatheredRow : Input.RowStride * y.Stride;
        var outRow = output.Layout.RowStride;
        var addRow = residual.IsNull ? 0 : residual.Layout.RowStride;
        var rows = strip.EndRow - strip.FirstRow;

        if (IsOneRun && output.Layout.IsFlat && (residual.IsNull || residual.Layout.IsFlat))
        {
            tiling.Run(call, from, to, add, rows * width);
            return;
        }
        if (tiling.TryPair(width, out var pair))
        {
            for (; rows >= 2; rows -= 2, from += 2 * inRow, to += 2 * outRow, add += 2 * addRow)
            {
                call->HalfStride = inRow;
                call->OutputHalfStride = outRow;
                call->ResidualHalfStride = addRow;
                pair.Run(call, from, to, add, width, 2 * inRow);
            }
        }
        for (; rows > 0; rows--, from += inRow, to += outRow, add += addRow)
            tiling.Run(call, from, to, add, width, inRow);
    }

    /// <summary>Computes 1×1 images first … end−1.</summary>
    void RunDense(in Panel panel, TileCall* call, FeatureMaps input, FeatureMaps output, FeatureMaps residual, int first, int end) =>
        _tilings[panel.Blocks - 1].Run(call,
            input.At(first, panel.InputBlock, 0, 0), output.At(first, panel.OutputBlock, 0, 0),
            residual.IsNull ? TileCall.Nothing : residual.At(first, panel.OutputBlock, 0, 0), end - first);

    WorkSplit Split(int batch, int parts) => WorkSplit.Choose(parts, batch * Correlation.Rows.Outputs, _panels.Length, _cycles * batch,
        (double)Input.SizeInFloats(batch) * sizeof(float), (double)_biasOffset * sizeof(float), _weightBytesPerCycle);
}
