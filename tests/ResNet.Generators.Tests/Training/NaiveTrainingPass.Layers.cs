using ResNet.Dsl;
using ResNet.Reference;

namespace ResNet.Generators.Tests.Training;

/// <summary>The connections of each kind of layer: every product or move of a value, which backward are those of its gradient.</summary>
partial class NaiveTrainingPass
{
    /// <summary>Visits each weight with the input and the output that it connects.</summary>
    void ForEachProduct(Conv2d conv, LayerInstance row, Action<int, int, int> visit)
    {
        var (x, y) = (row.Input, row.Output);
        int inputs = x.Channels / conv.Groups, outputs = y.Channels / conv.Groups;
        for (var image = 0; image < Count; image++)
            for (var to = 0; to < y.Channels; to++)
                for (var k = 0; k < inputs; k++)
                    for (var r = 0; r < conv.Kernel; r++)
                        for (var c = 0; c < conv.Kernel; c++)
                        {
                            var w = ((to * inputs + k) * conv.Kernel + r) * conv.Kernel + c;
                            var from = to / outputs * inputs + k;
                            for (var row2 = 0; row2 < y.Height; row2++)
                            {
                                var above = row2 * conv.Stride - conv.Padding + r * conv.Dilation;
                                if (above < 0 || above >= x.Height) continue;
                                for (var column = 0; column < y.Width; column++)
                                {
                                    var left = column * conv.Stride - conv.Padding + c * conv.Dilation;
                                    if (left < 0 || left >= x.Width) continue;
                                    visit(w, Index(x, image, from, above, left), Index(y, image, to, row2, column));
                                }
                            }
                        }
    }

    void ForEachConnection(LayerInstance row, Action<int, int, int> visit)
    {
        for (var image = 0; image < Count; image++)
            for (var o = 0; o < row.Output.Channels; o++)
                for (var i = 0; i < row.Input.Channels; i++)
                    visit(o * row.Input.Channels + i, image * row.Input.Channels + i, image * row.Output.Channels + o);
    }

    /// <summary>Visits each input with an output that it contributes to, and the factor.</summary>
    void ForEachMove(LayerInstance row, Batch x, Action<int, int, double> visit)
    {
        switch (row.Layer)
        {
            case Dropout drop:
                for (var i = 0; i < x.Data.Length; i++) visit(i, i, dropout(row, i) ? 1 / (1 - drop.Rate) : 0);
                break;
            case StochasticDepth:
                var (size, kept) = (x.Data.Length / Count, 1 / (1 - DropRates.Of(row, _layers)));
                for (var i = 0; i < x.Data.Length; i++) visit(i, i, dropout(row, i / size) ? kept : 0);
                break;
            case Flatten:
                for (var i = 0; i < x.Data.Length; i++) visit(i, i, 1);
                break;
            case GlobalAveragePool:
                ForEachWindow(row, (row.Input.Height, row.Input.Width), (1, 0), Average(_ => row.Input.Height * row.Input.Width));
                break;
            case AveragePool pool:
                ForEachWindow(row, (pool.Kernel, pool.Kernel), (pool.Stride, pool.Padding), Average(o =>
                    Covered(pool, o / row.Output.Width % row.Output.Height, row.Input.Height) * Covered(pool, o % row.Output.Width, row.Input.Width)));
                break;
            case MaxPool pool:
                ForEachWindow(row, (pool.Kernel, pool.Kernel), (pool.Stride, pool.Padding), (o, window) => visit(window.MaxBy(i => x.Data[i]), o, 1));
                break;
            default:
                ForEachPadded(Assert.IsType<ZeroPad>(row.Layer).Stride, x, row.Output, visit);
                break;
        }

        Action<int, List<int>> Average(Func<int, double> area) => (o, window) => window.ForEach(i => visit(i, o, 1 / area(o)));

        static double Covered(AveragePool pool, int index, int size) => Math.Min(pool.Kernel, size + 2 * pool.Padding - index * pool.Stride);
    }

    void ForEachWindow(LayerInstance row, (int Height, int Width) kernel, (int Stride, int Padding) step, Action<int, List<int>> visit)
    {
        var (x, y) = (row.Input, row.Output);
        for (var image = 0; image < Count; image++)
            for (var channel = 0; channel < y.Channels; channel++)
                for (var r = 0; r < y.Height; r++)
                    for (var c = 0; c < y.Width; c++)
                    {
                        var window = new List<int>();
                        for (var dr = 0; dr < kernel.Height; dr++)
                            for (var dc = 0; dc < kernel.Width; dc++)
                            {
                                var (above, left) = (r * step.Stride - step.Padding + dr, c * step.Stride - step.Padding + dc);
                                if (above >= 0 && above < x.Height && left >= 0 && left < x.Width) window.Add(Index(x, image, channel, above, left));
                            }
                        visit(Index(y, image, channel, r, c), window);
                    }
    }

    void ForEachPadded(int stride, Batch x, Shape y, Action<int, int, double> visit)
    {
        var before = (y.Channels - x.Shape.Channels) / 2;
        for (var image = 0; image < Count; image++)
            for (var channel = 0; channel < x.Shape.Channels; channel++)
                for (var r = 0; r < y.Height; r++)
                    for (var c = 0; c < y.Width; c++)
                        visit(Index(x.Shape, image, channel, r * stride, c * stride), Index(y, image, before + channel, r, c), 1);
    }

    static int Index(Shape shape, int image, int channel, int row, int column) =>
        ((image * shape.Channels + channel) * shape.Height + row) * shape.Width + column;

    /// <summary>A batch of activations: image, channel, row, column.</summary>
    sealed record Batch(Shape Shape, double[] Data)
    {
        public Batch(Shape shape, int count) : this(shape, new double[count * shape.Elements])
        {
        }

        public int Channel(int index) => index / (Shape.Height * Shape.Width) % Shape.Channels;

        public Batch Map(Func<int, double> value) => new(Shape, [.. Enumerable.Range(0, Data.Length).Select(value)]);

        /// <summary>A sum per channel.</summary>
        public double[] Sum(Func<int, double> value)
        {
            var sums = new double[Shape.Channels];
            for (var i = 0; i < Data.Length; i++) sums[Channel(i)] += value(i);
            return sums;
        }
    }
}
