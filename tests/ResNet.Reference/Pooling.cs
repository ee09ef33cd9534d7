using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>Pooling over square windows and over whole feature maps.</summary>
static class Pooling
{
    /// <summary>The gradient goes to the first maximum in row order, as in PyTorch; NaN wins.</summary>
    /// <param name="pool">The layer.</param>
    /// <param name="x">The input.</param>
    /// <param name="by">What decides which value is greatest: the input, or values that differ from it by rounding.</param>
    /// <param name="output">Shape of the result.</param>
    public static Step Max(MaxPool pool, Values x, Values by, Shape output)
    {
        var y = new Values(x.Batch, output);
        var winners = new int[y.Data.Length];
        Windows(pool.Kernel, pool.Stride, pool.Padding, x, y, (o, window) =>
        {
            var winner = window[0];
            foreach (var i in window)
                if (by[i] > by[winner] || double.IsNaN(by[i])) winner = i;
            winners[o] = winner;
            y.Data[o] = x[winner];
        });
        return new(y, dy =>
        {
            var dx = new Values(x.Batch, x.Shape);
            for (var o = 0; o < winners.Length; o++) dx.Data[winners[o]] += dy[o];
            return dx;
        });
    }

    public static Step Average(AveragePool pool, Values x, Shape output)
    {
        var y = new Values(x.Batch, output);
        Windows(pool.Kernel, pool.Stride, pool.Padding, x, y, (o, window) =>
        {
            foreach (var i in window) y.Data[o] += x[i] / Area(o);
        });
        return new(y, dy =>
        {
            var dx = new Values(x.Batch, x.Shape);
            Windows(pool.Kernel, pool.Stride, pool.Padding, dx, dy, (o, window) =>
            {
                foreach (var i in window) dx.Data[i] += dy[o] / Area(o);
            });
            return dx;
        });

        // What a window covers of the padded image: all of it but for the last ones of ceil mode.
        double Area(int o)
        {
            var (row, column) = Math.DivRem(o % y.PlaneSize, output.Width);
            return Side(row, x.Shape.Height) * Side(column, x.Shape.Width);
        }

        int Side(int index, int size) => Math.Min(pool.Kernel, size + 2 * pool.Padding - index * pool.Stride);
    }

    public static Step GlobalAverage(Values x, Shape output)
    {
        var y = new Values(x.Batch, output);
        for (var plane = 0; plane < x.Planes; plane++)
        {
            foreach (var value in x.Plane(plane)) y.Data[plane] += value;
            y.Data[plane] /= x.PlaneSize;
        }
        return new(y, dy => x.Map(i => dy[i / x.PlaneSize] / x.PlaneSize));
    }

    /// <summary>Visits each output with the inputs under its window, in row order, leaving out the padding.</summary>
    static void Windows(int kernel, int stride, int padding, Values x, Values y, Action<int, List<int>> visit)
    {
        var window = new List<int>(kernel * kernel);
        var (height, width) = (x.Shape.Height, x.Shape.Width);
        for (var o = 0; o < y.Data.Length; o++)
        {
            var (plane, position) = Math.DivRem(o, y.PlaneSize);
            var (top, left) = (position / y.Shape.Width * stride - padding, position % y.Shape.Width * stride - padding);
            window.Clear();
            for (var row = Math.Max(top, 0); row < Math.Min(top + kernel, height); row++)
                for (var column = Math.Max(left, 0); column < Math.Min(left + kernel, width); column++)
                    window.Add(plane * x.PlaneSize + row * width + column);
            visit(o, window);
        }
    }
}
