
namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// The implicit matrix of a convolution (im2col) over an NHWC tensor: a row for each pixel of the result, a column for each
/// tap of the kernel and channel of the group. Backward, "result" is the gradient that is computed.
/// </summary>
struct Gather
{
    /// <summary>Rows are numbered image by image, row by row.</summary>
    public FastDivisor RowsPerImage, RowsPerLine;

    /// <summary>Columns are numbered tap by tap, the channel running fastest.</summary>
    public FastDivisor GroupChannels, TapsPerLine;

    public int Rows, Columns;

    /// <summary>Size of the tensor that is read.</summary>
    public int Height, Width, Channels;

    /// <summary>Pixel (y, x) of the result sees, at tap (t, u), pixel (Stride·y + OriginY + Step·t, …).</summary>
    public int Stride, OriginY, OriginX, StepY, StepX;

    /// <summary>The first pixel that a row sees; its tap (0, 0) may lie outside of the image.</summary>
    public readonly Position At(int row)
    {
        var image = RowsPerImage.Divide(row);
        var pixel = RowsPerImage.Remainder(row, image);
        var y = RowsPerLine.Divide(pixel);
        var x = RowsPerLine.Remainder(pixel, y);
        return new() { Image = image, Y = y * Stride + OriginY, X = x * Stride + OriginX, Offset = row < Rows ? 0 : -1 };
    }

    /// <summary>The shift and channel of a column, as the offset from a row's first pixel.</summary>
    public readonly Position Column(int column)
    {
        var tap = GroupChannels.Divide(column);
        var channel = GroupChannels.Remainder(column, tap);
        var line = TapsPerLine.Divide(tap);
        var place = TapsPerLine.Remainder(tap, line);
        return new() { Y = line * StepY, X = place * StepX, Image = channel, Offset = column < Columns ? 0 : -1 };
    }

    /// <summary>Offset in memory of the value in a row and column; negative where it is a zero.</summary>
    public readonly int Offset(Position row, Position column, int group)
    {
        var (y, x) = (row.Y + column.Y, row.X + column.X);
        var inside = row.Offset >= 0 & column.Offset >= 0 & (uint)y < (uint)Height & (uint)x < (uint)Width;
        return inside ? ((row.Image * Height + y) * Width + x) * Channels + group * GroupChannels.Divisor + column.Image : -1;
    }
}
