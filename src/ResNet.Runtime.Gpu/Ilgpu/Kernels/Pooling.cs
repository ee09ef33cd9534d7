using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Pooling, forward and backward. A thread for each value of the result; no thread adds to what another writes.</summary>
static class Pooling
{
    /// <summary>The larger images that windows are laid over, and the smaller ones of one value per window.</summary>
    public struct Windows
    {
        /// <summary>The input of the pooling, the values to read, the values to write.</summary>
        public ArrayView<float> Input, From, To;

        public Images Large, Small;
        public FastDivisor Stride;
        public int Kernel, Padding, Count, Accumulate;

        public readonly int First(int index) => index * Stride.Divisor - Padding;

        /// <summary>The end of a window along an axis, padding included.</summary>
        public readonly int End(int index, int size) => IntrinsicMath.Min(First(index) + Kernel, size + Padding);

        /// <summary>The first window that a pixel lies in.</summary>
        public readonly int FirstWindow(int pixel) => pixel + Padding < Kernel ? 0 : Stride.Divide(pixel + Padding - Kernel) + 1;

        public readonly int LastWindow(int pixel, int windows) => IntrinsicMath.Min(Stride.Divide(pixel + Padding), windows - 1);
    }

    public static void Max(Windows w)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= w.Count) return;
        w.To[i] = w.Input[Greatest(w, w.Small.At(i))];
    }

    /// <summary>A pixel gets the gradients of those windows whose first maximum it is.</summary>
    public static void MaxBackward(Windows w)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= w.Count) return;
        var at = w.Large.At(i);
        var sum = w.Accumulate != 0 ? w.To[i] : 0;
        var (lastY, lastX) = (w.LastWindow(at.Y, w.Small.Height.Divisor), w.LastWindow(at.X, w.Small.Width.Divisor));
        for (var y = w.FirstWindow(at.Y); y <= lastY; y++)
            for (var x = w.FirstWindow(at.X); x <= lastX; x++)
            {
                var window = new Position { Image = at.Image, Y = y, X = x, Offset = at.Offset };
                if (Greatest(w, window) == i) sum += w.From[w.Small.Offset(at.Image, y, x) + at.Offset];
            }
        w.To[i] = sum;
    }

    public static void Average(Windows w)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= w.Count) return;
        var at = w.Small.At(i);
        var (height, width) = (w.Large.Height.Divisor, w.Large.Width.Divisor);
        int firstY = w.First(at.Y), firstX = w.First(at.X), endY = w.End(at.Y, height), endX = w.End(at.X, width);
        var sum = 0f;
        for (var y = IntrinsicMath.Max(0, firstY); y < IntrinsicMath.Min(height, endY); y++)
            for (var x = IntrinsicMath.Max(0, firstX); x < IntrinsicMath.Min(width, endX); x++)
                sum += w.From[w.Large.Offset(at.Image, y, x) + at.Offset];
        w.To[i] = sum / ((endY - firstY) * (endX - firstX));
    }

    public static void AverageBackward(Windows w)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= w.Count) return;
        var at = w.Large.At(i);
        var (height, width) = (w.Large.Height.Divisor, w.Large.Width.Divisor);
        var sum = w.Accumulate != 0 ? w.To[i] : 0;
        var (lastY, lastX) = (w.LastWindow(at.Y, w.Small.Height.Divisor), w.LastWindow(at.X, w.Small.Width.Divisor));
        for (var y = w.FirstWindow(at.Y); y <= lastY; y++)
            for (var x = w.FirstWindow(at.X); x <= lastX; x++)
                sum += w.From[w.Small.Offset(at.Image, y, x) + at.Offset] / ((w.End(y, height) - w.First(y)) * (w.End(x, width) - w.First(x)));
        w.To[i] = sum;
    }

    public static void GlobalAverage(Windows w)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= w.Count) return;
        var at = w.Small.At(i);
        var pixels = w.Large.Height.Divisor * w.Large.Width.Divisor;
        var first = w.Large.Offset(at.Image, 0, 0) + at.Offset;
        var sum = 0f;
        for (var pixel = 0; pixel < pixels; pixel++) sum += w.From[first + pixel * w.Large.Channels.Divisor];
        w.To[i] = sum / pixels;
    }

    public static void GlobalAverageBackward(Windows w)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= w.Count) return;
        var at = w.Large.At(i);
        var share = w.From[at.Image * w.Large.Channels.Divisor + at.Offset] / (w.Large.Height.Divisor * w.Large.Width.Divisor);
        w.To[i] = w.Accumulate != 0 ? w.To[i] + share : share;
    }

    /// <summary>Offset of a window's first maximum in row order; what is not a number wins.</summary>
    static int Greatest(Windows w, Position at)
    {
        var (height, width) = (w.Large.Height.Divisor, w.Large.Width.Divisor);
        var firstX = IntrinsicMath.Max(0, w.First(at.X));
        var firstY = IntrinsicMath.Max(0, w.First(at.Y));
        var winner = w.Large.Offset(at.Image, firstY, firstX) + at.Offset;
        var best = w.Input[winner];
        for (var y = firstY; y < IntrinsicMath.Min(height, w.End(at.Y, height)); y++)
            for (var x = firstX; x < IntrinsicMath.Min(width, w.End(at.X, width)); x++)
            {
                var offset = w.Large.Offset(at.Image, y, x) + at.Offset;
                var value = w.Input[offset];
                if (value > best || float.IsNaN(value)) (best, winner) = (value, offset);
            }
        return winner;
    }
}
