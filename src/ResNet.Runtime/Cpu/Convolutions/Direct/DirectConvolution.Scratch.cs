using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Convolutions.Direct;

sealed unsafe partial class DirectConvolution
{
    /// <summary>Floats of a gathered row of a block.</summary>
    int GatheredRow => Correlation.Columns.Outputs * Lanes;

    /// <summary>Floats from a block of gathered rows to the next; planes 4 KB apart would compete for the same lines.</summary>
    nint GatheredPlane(int rows) => (nint)rows * GatheredRow + Lanes;

    /// <summary>Floats of gathered rows of all blocks.</summary>
    nint GatheredLength(int rows) => _gathers ? GatheredPlane(rows) * Input.Blocks : 0;

    /// <summary>Floats of scratch memory for a part: the rows it gathers, and a panel's results that it spreads.</summary>
    nint PartLength(int rows) => GatheredLength(rows) + (_spreads ? (nint)rows * GatheredRow * _panels[0].Blocks : 0);

    /// <summary>Rows that a part takes at a time, at most.</summary>
    int MostRows(int batch, int parts)
    {
        // The rows of two parts differ by one, and fewer may be cut into fewer pieces.
        var (rows, rowParts) = (batch * Correlation.Rows.Outputs, Split(batch, parts).RowParts);
        return Math.Max(CachedRows(Math.Max(1, rows / rowParts)), CachedRows((rows + rowParts - 1) / rowParts));
    }

    /// <summary>Copies the pixels that a strided kernel reads: output rows first … end−1 of the batch, block by block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Gather(FeatureMaps input, float* gathered, nint plane, int first, int end)
    {
        var (rows, columns) = (Correlation.Rows, Correlation.Columns);
        var stride = columns.Stride * Lanes;
        for (var block = 0; block < Input.Blocks; block++)
        {
            var to = gathered + block * plane;
            foreach (var strip in new ImageStrips(first, end, rows.Outputs))
            {
                for (var row = strip.FirstRow; row < strip.EndRow; row++)
                {
                    var from = input.At(strip.Image, block, row * rows.Stride + rows.Offset, columns.Offset);
                    for (var column = 0; column < columns.Outputs; column++, from += stride, to += Lanes)
                        Vector512.Load(from).Store(to);
                }
            }
        }
    }

    /// <summary>Computes rows of one image as one run, and copies them to where they lie apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RunSpread(in Panel panel, TileCall call, float* from, FeatureMaps output, float* results, ImageStrip strip)
    {
        var (rows, plane) = (strip.EndRow - strip.FirstRow, (nint)(strip.EndRow - strip.FirstRow) * GatheredRow);
        call.OutputPixelStride = Lanes;
        call.OutputBlockStride = plane;
        _tilings[panel.Blocks - 1].Run(&call, from, results, TileCall.Nothing, rows * Correlation.Columns.Outputs);
        for (var block = 0; block < panel.Blocks; block++)
        {
            for (var row = 0; row < rows; row++)
            {
                var result = results + block * plane + row * GatheredRow;
                var to = output.At(strip.Image, panel.OutputBlock + block, strip.FirstRow + row, 0);
                for (var column = 0; column < Correlation.Columns.Outputs; column++, to += output.Layout.PixelStride)
                    Vector512.Load(result + column * Lanes).Store(to);
            }
        }
    }
}
