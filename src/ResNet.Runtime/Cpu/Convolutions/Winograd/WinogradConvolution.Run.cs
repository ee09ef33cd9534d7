using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

sealed unsafe partial class WinogradConvolution
{
    protected override void Compute(FeatureMaps input, FeatureMaps output, in KernelEpilogue epilogue, float* scratch, int batch, int part, int parts)
    {
        var plan = PlanFor(batch, parts);
        var split = plan.Split;
        var (firstRow, endRow) = WorkSplit.Slice(batch * _grid.Rows, part / split.PanelParts, split.RowParts);
        var (firstPanel, endPanel) = WorkSplit.Slice(Panels, part % split.PanelParts, split.PanelParts);
        if (firstRow == endRow || firstPanel == endPanel) return;

        var squares = scratch + part * plan.PartLength;
        var sums = squares + plan.InputLength;
        var inTile = epilogue.FitsTile(output.Layout);
        var target = new OutputTiles(output, inTile ? epilogue : new());
        var (firstBlock, _) = PanelAt(firstPanel);
        var (lastBlock, lastBlocks) = PanelAt(endPanel - 1);

        // Groups of equal size rather than a small last one.
        var groups = (endRow - firstRow + plan.Rows - 1) / plan.Rows;
        for (var group = 0; group < groups; group++)
        {
            var (row, end) = WorkSplit.Slice(endRow - firstRow, group, groups);
            (row, end) = (row + firstRow, end + firstRow);
            _grid.Transform(_filter.Input, input, 0, InputBlocks, Correlation.Rows.Offset, Correlation.Columns.Offset, row, end, squares, plan.Input, plan.Fetches);
            for (var panel = firstPanel; panel < endPanel; panel++)
            {
                Multiply(panel, plan, squares, sums, target, row, end);
                TransformBack(panel, plan.Sums, sums, target, row, end);
            }
            foreach (var strip in new ImageStrips(row, end, _grid.Rows))
            {
                var (top, bottom) = (strip.FirstRow * _filter.Outputs, Math.Min(Correlation.Rows.Outputs, strip.EndRow * _filter.Outputs));
                if (inTile)
                    output.ClearHalo(strip.Image, firstBlock, lastBlock + lastBlocks, top, bottom);
                else
                    ElementWise.Apply(output, output, epilogue, strip.Image, firstBlock, lastBlock + lastBlocks, top, bottom);
            }
        }
    }

    /// <summary>The matrix products of one panel: tiles × input channels by input × output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Multiply(int panel, Plan plan, float* squares, float* sums, in OutputTiles target, int firstRow, int endRow)
    {
        var (outputBlock, blocks) = PanelAt(panel);
        var tiles = (endRow - firstRow) * _grid.Columns;
        var tiling = _tilings[blocks - 1];
        var weights = WeightsOf(outputBlock);
        var weightsOfProduct = (nint)InputBlocks * Lanes * blocks * Lanes;
        var call = new TileCall
        {
            BlockStride = plan.Input.Block,
            PixelStride = Lanes,
            OutputPixelStride = Lanes,
            OutputBlockStride = plan.Sums.Block,
            Blocks = InputBlocks,
            Rows = 1,
            Taps = 1,
            Depth = Lanes,
            NextPanelStride = TileCall.EvenStride(blocks, tiling.Count(tiles)),
        };
        for (var product = 0; product < _filter.Products; product++, weights += weightsOfProduct)
        {
            if (plan.Fetches)
            {
                // The results' lines are fetched into the cache meanwhile, some rows with each product.
                var size = _filter.Outputs;
                var (first, end) = WorkSplit.Slice((endRow - firstRow) * size, product, _filter.Products);
                target.Fetch(outputBlock, blocks, firstRow * size + first, firstRow * size + end, _grid.Rows * size);
            }
            call.Weights = weights;
            call.NextPanel = weights + weightsOfProduct;
            tiling.Run(&call, squares + product * plan.Input.Product, sums + product * plan.Sums.Product, add: null, tiles);
        }
    }

    /// <summary>Turns a panel's sums into pixels.</summary>
    void TransformBack(int panel, TileGrid.Planes planes, float* sums, in OutputTiles target, int firstRow, int endRow)
    {
        var (outputBlock, blocks) = PanelAt(panel);
        for (var block = 0; block < blocks; block++)
        {
            var from = sums + block * planes.Block;
            var bias = Packed + _biasOffset + (outputBlock + block) * Lanes;
            foreach (var strip in new ImageStrips(firstRow, endRow, _grid.Rows))
                for (var row = strip.FirstRow; row < strip.EndRow; row++)
                    for (var column = 0; column < _grid.Columns; column++, from += Lanes)
                        target.Write(_filter.Output, from, planes.Product, bias, strip.Image, outputBlock + block, row, column);
        }
    }

    /// <summary>Writes tiles of m × m pixels, with what follows the convolution.</summary>
    readonly struct OutputTiles(FeatureMaps output, in KernelEpilogue epilogue)
    {
        readonly FeatureMaps _residual = epilogue.Residual;
        readonly Vector512<float> _floor = Vector512.Create(epilogue.Relu || epilogue.ReluBeforeAddition ? 0 : float.NegativeInfinity);

        /// <summary>Fetches rows of what will be written, and of what will be added.</summary>
        public void Fetch(int firstBlock, int blocks, int first, int end, int height)
        {
            Prefetching.FetchRows(output, firstBlock, blocks, first, end, height);
            if (!_residual.IsNull) Prefetching.FetchRows(_residual, firstBlock, blocks, first, end, height);
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Write(SquareTransform transform, float* sums, nint product, float* bias, int image, int block, int tileRow, int tileColumn)
        {
            var size = transform.To;
            var pixels = NativeBuffer.Align(stackalloc float[(size * size + 1) * Lanes]);
            transform.Apply(sums, product * transform.From, product, pixels, size * Lanes, Lanes);

            var (y, x) = (tileRow * size, tileColumn * size);
            var rows = Math.Min(size, output.Layout.Height - y);
            var columns = Math.Min(size, output.Layout.Width - x);
            nint pixel = output.Layout.PixelStride;
            var shift = Vector512.Load(bias);
            for (var row = 0; row < rows; row++, pixels += size * Lanes)
            {
                var to = output.At(image, block, y + row, x);
                if (_residual.IsNull)
                {
                    for (var i = 0; i < columns; i++)
                        Vector512.MaxNative(_floor, Vector512.Load(pixels + i * Lanes) + shift).Store(to + i * pixel);
                    continue;
                }
                var add = _residual.At(image, block, y + row, x);
                nint addPixel = _residual.Layout.PixelStride;
                for (var i = 0; i < columns; i++)
                    Vector512.MaxNative(_floor, Vector512.Load(pixels + i * Lanes) + shift + Vector512.Load(add + i * addPixel)).Store(to + i * pixel);
            }
        }
    }
}
