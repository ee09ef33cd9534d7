using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>Layers without parameters that treat each value alone, and those that only move values.</summary>
static class Elementwise
{
    /// <param name="x">The input.</param>
    /// <param name="by">What decides where the ReLU is closed: the input, or values that differ from it by rounding.</param>
    public static Step Relu(Values x, Values by) =>
        new(x.Map(i => by[i] <= 0 ? 0 : x[i]), dy => dy.Map(i => by[i] <= 0 ? 0 : dy[i]));

    public static Step Sigmoid(Values x)
    {
        var y = x.Map(i => Sigmoid(x[i]));
        return new(y, dy => dy.Map(i => dy[i] * y[i] * (1 - y[i])));
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Map after map, row after row: the order in which they are stored.</summary>
    public static Step Flatten(Values x, Shape output) =>
        new(new(x.Batch, output, x.Data), dy => new(dy.Batch, x.Shape, dy.Data));

    /// <summary>Inverted dropout: what is kept grows by 1/(1 - rate), so that inference needs no correction.</summary>
    public static Step Dropout(Values x, double rate, Func<int, bool> keeps)
    {
        var factor = x.Map(i => keeps(i) ? 1 / (1 - rate) : 0);
        return new(x.Map(i => x[i] * factor[i]), dy => dy.Map(i => dy[i] * factor[i]));
    }

    /// <summary>Whole images are kept, and grow by 1/(1 - rate), or become zero.</summary>
    public static Step StochasticDepth(Values x, double rate, Func<int, bool> keeps)
    {
        var size = x.Data.Length / x.Batch;
        return Dropout(x, rate, i => keeps(i / size));
    }

    public static Step ZeroPad(ZeroPad pad, Values x, Shape output)
    {
        var y = new Values(x.Batch, output);
        Visit((from, to) => y.Data[to] = x[from]);
        return new(y, dy =>
        {
            var dx = new Values(x.Batch, x.Shape);
            Visit((from, to) => dx.Data[from] = dy[to]);
            return dx;
        });

        void Visit(Action<int, int> move)
        {
            var before = (output.Channels - x.Shape.Channels) / 2;
            for (var plane = 0; plane < x.Planes; plane++)
            {
                var (image, channel) = Math.DivRem(plane, x.Shape.Channels);
                var to = (image * output.Channels + before + channel) * y.PlaneSize;
                for (var row = 0; row < x.Shape.Height; row += pad.Stride)
                    for (var column = 0; column < x.Shape.Width; column += pad.Stride)
                        move(plane * x.PlaneSize + row * x.Shape.Width + column, to++);
            }
        }
    }
}
