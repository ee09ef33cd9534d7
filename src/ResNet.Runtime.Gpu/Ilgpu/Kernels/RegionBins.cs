using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// Pooling of regions of feature maps, forward and backward. A thread for each value of the result, which adds up in a fixed order; no thread adds to what
/// another writes. Which cells a bin reads, or which bins read a cell, stands in lists, along each axis apart.
/// </summary>
static class RegionBins
{
    public struct Exchange
    {
        /// <summary>The values that are read and written, NCHW: forward, feature maps and pooled regions; backward, the gradients by regions and by feature maps.</summary>
        public ArrayView<float> From, To;

        /// <summary>Of each pooled value the cell within its channel that is the greatest; -1 for none.</summary>
        public ArrayView<int> Winners;

        /// <summary>The end of a list in <see cref="Places"/> and <see cref="Weights"/>, after the zero with which the first begins: those of rows, then those of columns.</summary>
        public ArrayView<int> Ends;

        public ArrayView<int> Places;
        public ArrayView<float> Weights;

        /// <summary>Forward, the image of each region. Backward, the first region of each image, and the number of all.</summary>
        public ArrayView<int> Images;

        /// <summary>Sizes of what is written.</summary>
        public FastDivisor Channels, Height, Width;

        /// <summary>Sizes of what is read.</summary>
        public int FromHeight, FromWidth;

        /// <summary>Number of the first list of a column.</summary>
        public int FirstColumn;

        public int Count;

        /// <summary>Offset of a channel of what is read.</summary>
        public readonly int Plane(int item, int channel) => (item * Channels.Divisor + channel) * FromHeight * FromWidth;

        /// <summary>Number of the list of a row of what is written, of a region.</summary>
        public readonly int RowList(int region, int row) => region * Height.Divisor + row;

        /// <summary>Number of the list of a column of what is written, of a region.</summary>
        public readonly int ColumnList(int region, int column) => FirstColumn + region * Width.Divisor + column;
    }

    /// <summary>A pooled value is the weighted sum of cells.</summary>
    public static void Mean(Exchange e)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= e.Count) return;
        var at = Place.Of(e, i);
        e.To[i] = Sum(e, e.Plane(e.Images[at.Item], at.Channel), e.RowList(at.Item, at.Y), e.ColumnList(at.Item, at.X));
    }

    /// <summary>A cell gets the weighted gradients of the bins that read it, region after region.</summary>
    public static void MeanBackward(Exchange e)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= e.Count) return;
        var at = Place.Of(e, i);
        var sum = 0f;
        for (var region = e.Images[at.Item]; region < e.Images[at.Item + 1]; region++)
            sum += Sum(e, e.Plane(region, at.Channel), e.RowList(region, at.Y), e.ColumnList(region, at.X));
        e.To[i] = sum;
    }

    /// <summary>A pooled value is the greatest of its cells, the first in row order of equal ones, and 0 of none.</summary>
    public static void Greatest(Exchange e)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= e.Count) return;
        var at = Place.Of(e, i);
        var plane = e.Plane(e.Images[at.Item], at.Channel);
        int rows = e.RowList(at.Item, at.Y), columns = e.ColumnList(at.Item, at.X);
        var winner = -1;
        var best = 0f;
        for (var row = e.Ends[rows]; row < e.Ends[rows + 1]; row++)
            for (var column = e.Ends[columns]; column < e.Ends[columns + 1]; column++)
            {
                var cell = e.Places[row] * e.FromWidth + e.Places[column];
                var value = e.From[plane + cell];
                if (winner < 0 || value > best) (best, winner) = (value, cell);
            }
        e.To[i] = best;
        e.Winners[i] = winner;
    }

    /// <summary>A cell gets the gradients of the bins whose greatest it is, region after region.</summary>
    public static void GreatestBackward(Exchange e)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= e.Count) return;
        var at = Place.Of(e, i);
        var cell = at.Y * e.Width.Divisor + at.X;
        var sum = 0f;
        for (var region = e.Images[at.Item]; region < e.Images[at.Item + 1]; region++)
        {
            var plane = e.Plane(region, at.Channel);
            int rows = e.RowList(region, at.Y), columns = e.ColumnList(region, at.X);
            for (var row = e.Ends[rows]; row < e.Ends[rows + 1]; row++)
                for (var column = e.Ends[columns]; column < e.Ends[columns + 1]; column++)
                {
                    var bin = plane + e.Places[row] * e.FromWidth + e.Places[column];
                    if (e.Winners[bin] == cell) sum += e.From[bin];
                }
        }
        e.To[i] = sum;
    }

    static float Sum(Exchange e, int plane, int rows, int columns)
    {
        var sum = 0f;
        for (var row = e.Ends[rows]; row < e.Ends[rows + 1]; row++)
        {
            var line = plane + e.Places[row] * e.FromWidth;
            var part = 0f;
            for (var column = e.Ends[columns]; column < e.Ends[columns + 1]; column++) part += e.Weights[column] * e.From[line + e.Places[column]];
            sum += e.Weights[row] * part;
        }
        return sum;
    }

    /// <summary>Image or region, channel, row and column of a value that is written.</summary>
    struct Place
    {
        public int Item, Channel, Y, X;

        public static Place Of(Exchange e, int offset)
        {
            var line = e.Width.Divide(offset);
            var plane = e.Height.Divide(line);
            var item = e.Channels.Divide(plane);
            return new() { Item = item, Channel = e.Channels.Remainder(plane, item), Y = e.Height.Remainder(line, plane), X = e.Width.Remainder(offset, line) };
        }
    }
}
