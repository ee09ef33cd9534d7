using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>
/// Convolution (strictly: cross-correlation) and its two gradients. All three visit the same pairs of an output row and
/// the input row that lies under it at one kernel tap, and differ in what flows where.
/// </summary>
sealed class Convolution(Conv2d conv, Shape input, Shape output)
{
    readonly int _inputsPerGroup = input.Channels / conv.Groups;
    readonly int _outputsPerGroup = output.Channels / conv.Groups;

    public Values Forward(Values x, double[] weight, double[]? bias)
    {
        var y = new Values(x.Batch, output);
        Parallel.For(0, x.Batch * output.Channels, i =>
        {
            var (image, to) = Math.DivRem(i, output.Channels);
            if (bias is not null) y.Plane(image, to).Fill(bias[to]);
            for (var k = 0; k < _inputsPerGroup; k++)
                ForEachRow(x.Plane(image, FirstInput(to) + k), y.Plane(image, to), Taps(weight, to, k),
                    (ref tap, under, row, stride) =>
                        Rows.AddScaled(tap, under, stride, row, 1, row.Length));
        });
        return y;
    }

    public Values InputGradient(Values dy, double[] weight)
    {
        var dx = new Values(dy.Batch, input);
        Parallel.For(0, dy.Batch * input.Channels, i =>
        {
            var (image, from) = Math.DivRem(i, input.Channels);
            var (group, k) = Math.DivRem(from, _inputsPerGroup);
            for (var to = group * _outputsPerGroup; to < (group + 1) * _outputsPerGroup; to++)
                ForEachRow(dx.Plane(image, from), dy.Plane(image, to), Taps(weight, to, k),
                    (ref tap, under, row, stride) =>
                        Rows.AddScaled(tap, row, 1, under, stride, row.Length));
        });
        return dx;
    }

    public double[] WeightGradient(Values x, Values dy)
    {
        var gradient = new double[output.Channels * _inputsPerGroup * conv.Kernel * conv.Kernel];
        Parallel.For(0, output.Channels, to =>
        {
            for (var image = 0; image < x.Batch; image++)
                for (var k = 0; k < _inputsPerGroup; k++)
                    ForEachRow(x.Plane(image, FirstInput(to) + k), dy.Plane(image, to), Taps(gradient, to, k),
                        (ref tap, under, row, stride) =>
                            tap += Rows.Dot(row, under, stride));
        });
        return gradient;
    }

    delegate void RowAction(ref double tap, Span<double> under, Span<double> row, int stride);

    void ForEachRow(Span<double> from, Span<double> to, Span<double> taps, RowAction act)
    {
        for (var tapRow = 0; tapRow < conv.Kernel; tapRow++)
            for (var tapColumn = 0; tapColumn < conv.Kernel; tapColumn++)
            {
                var (firstRow, endRow) = Inside(tapRow, input.Height, output.Height);
                var (first, end) = Inside(tapColumn, input.Width, output.Width);
                if (first >= end) continue;
                for (var row = firstRow; row < endRow; row++)
                    act(ref taps[tapRow * conv.Kernel + tapColumn],
                        from[(Under(row, tapRow) * input.Width + Under(first, tapColumn))..],
                        to.Slice(row * output.Width + first, end - first), conv.Stride);
            }
    }

    /// <summary>The input row or column under a tap; outside the input in the padding, which contributes nothing.</summary>
    int Under(int position, int tap) => position * conv.Stride + tap * conv.Dilation - conv.Padding;

    /// <summary>The outputs for which the tap lies inside the input.</summary>
    (int First, int End) Inside(int tap, int inputSize, int outputSize)
    {
        var offset = tap * conv.Dilation - conv.Padding;
        var first = offset >= 0 ? 0 : (-offset + conv.Stride - 1) / conv.Stride;
        var last = inputSize - 1 - offset;
        return (first, last < 0 ? 0 : Math.Min(outputSize, last / conv.Stride + 1));
    }

    int FirstInput(int to) => to / _outputsPerGroup * _inputsPerGroup;

    Span<double> Taps(double[] weight, int to, int k) =>
        weight.AsSpan((to * _inputsPerGroup + k) * conv.Kernel * conv.Kernel, conv.Kernel * conv.Kernel);
}
