

namespace ResNet.Runtime.Programs;

/// <summary>
/// One axis of a <see cref="Correlation"/>: output i is the sum, over m below <see cref="Taps"/>, of the input's pixel
/// <c>Stride · i + Offset + Dilation · m</c> times the kernel's tap <c>FirstTap + TapStep · m</c>.
/// </summary>
readonly record struct CorrelationAxis(int Outputs, int Taps, int Stride, int Offset, int Dilation, int FirstTap, int TapStep)
{
    /// <summary>Pixels that the windows reach beyond an input of that size, on either side.</summary>
    public int Reach(int inputs) => Outputs == 0 || Taps == 0 ? 0
        : Math.Max(0, Math.Max(-Offset, Stride * (Outputs - 1) + Offset + Dilation * (Taps - 1) - (inputs - 1)));

    /// <summary>An axis of a convolution.</summary>
    public static CorrelationAxis Forward(in ConvGeometry g, int outputs) =>
        new(outputs, g.Kernel, g.Stride, -g.Padding, g.Dilation, FirstTap: 0, TapStep: 1);

    /// <summary>
    /// An axis of the gradient of a convolution's input, as far as every stride-th of its pixels from
    /// <paramref name="phase"/> on goes: those meet the same taps, from the last to the first, and the pixels of the
    /// output's gradient without a gap.
    /// </summary>
    public static CorrelationAxis InputGradient(in ConvGeometry g, int size, int phase)
    {
        var (outputs, stride) = ((size - phase + g.Stride - 1) / g.Stride, g.Stride);
        // Tap k carries output y to pixel stride · y − padding + dilation · k.
        var (first, dilation) = (phase + g.Padding, g.Dilation);
        int[] taps = [.. Enumerable.Range(0, g.Kernel).Where(k => (first - dilation * k) % stride == 0).Reverse()];
        if (taps.Length == 0) return new(outputs, Taps: 0, Stride: 1, Offset: 0, Dilation: 1, FirstTap: 0, TapStep: 0);
        var step = taps.Length == 1 ? stride : taps[0] - taps[1];
        return new(outputs, taps.Length, Stride: 1, (first - dilation * taps[0]) / stride, dilation * step / stride, taps[0], -step);
    }
}

/// <summary>
/// The part of a layer that a kernel computes: the convolution itself, or one phase of the gradient of its
/// input.
/// </summary>
/// <param name="InChannels">Channels that it reads.</param>
/// <param name="OutChannels">Channels that it writes.</param>
/// <param name="Groups">Groups of either.</param>
/// <param name="Kernel">Height and width of the layer's kernel, in whose order the weights come.</param>
/// <param name="IsTransposed">Whether the layer's input channels are those that it writes.</param>
/// <param name="Rows">Along the height.</param>
/// <param name="Columns">Along the width.</param>
readonly record struct Correlation(
    int InChannels, int OutChannels, int Groups, int Kernel, bool IsTransposed, CorrelationAxis Rows, CorrelationAxis Columns)
{
    /// <summary>A convolution.</summary>
    /// <exception cref="ArgumentException">Sizes that describe no convolution.</exception>
    public static Correlation Forward(in ConvGeometry g)
    {
        g.Validate();
        return new(g.InChannels, g.OutChannels, g.Groups, g.Kernel, IsTransposed: false,
            CorrelationAxis.Forward(g, g.OutHeight), CorrelationAxis.Forward(g, g.OutWidth));
    }

    /// <summary>The gradient of a convolution's input, as far as its every stride-th pixel from that row and column on goes.</summary>
    public static Correlation InputGradient(in ConvGeometry g, int row, int column) => new(g.OutChannels, g.InChannels, g.Groups, g.Kernel, IsTransposed: true,
        CorrelationAxis.InputGradient(g, g.InHeight, row), CorrelationAxis.InputGradient(g, g.InWidth, column));

    /// <summary>The pixels of the input with which the phases of its gradient begin.</summary>
    public static IEnumerable<(int Row, int Column)> InputPhases(ConvGeometry forward) =>
        from row in Enumerable.Range(0, Math.Min(forward.Stride, forward.InHeight))
        from column in Enumerable.Range(0, Math.Min(forward.Stride, forward.InWidth))
        select (row, column);

    /// <summary>Rows and columns of zeros that the gradient of the input reads around the gradient of the output.</summary>
    public static int InputGradientBorder(in ConvGeometry forward)
    {
        var border = 0;
        foreach (var (row, column) in InputPhases(forward))
        {
            var correlation = InputGradient(forward, row, column);
            if (correlation.Taps == 0) continue;
            border = Math.Max(border, Math.Max(correlation.Rows.Reach(forward.OutHeight), correlation.Columns.Reach(forward.OutWidth)));
        }
        return border;
    }

    /// <summary>Weights of the layer.</summary>
    public long WeightCount => (long)OutChannels * (InChannels / Groups) * Kernel * Kernel;

    /// <summary>Products of a pixel with one channel of the input.</summary>
    public int Taps => Rows.Taps * Columns.Taps;

    /// <summary>A 1×1 convolution of stride 1: outputs stand as the inputs do.</summary>
    public bool IsPointwise => Rows is { Taps: 1, Stride: 1, Offset: 0 } && Columns is { Taps: 1, Stride: 1, Offset: 0 };

    public override string ToString() =>
        $"{(IsTransposed ? "transposed " : "")}convolution {InChannels} → {Rows.Outputs}×{Columns.Outputs}×{OutChannels}, {Rows.Taps}×{Columns.Taps} taps of {Kernel}×{Kernel}, stride {Rows.Stride}, groups {Groups}";
}
