using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>The window of a convolution or a pooling, as a node describes it.</summary>
/// <param name="Kernel">Rows and columns.</param>
/// <param name="Stride">Its step, the same in both directions.</param>
/// <param name="Dilation">Distance between taps, the same in both directions.</param>
/// <param name="Begin">Zeros above and on the left.</param>
/// <param name="End">Zeros below and on the right.</param>
readonly record struct SpatialWindow((int Height, int Width) Kernel, int Stride, int Dilation, (int Height, int Width) Begin, (int Height, int Width) End)
{
    /// <summary>Whether kernel and padding are the same on all sides.</summary>
    public bool IsSymmetric => Kernel.Height == Kernel.Width && Begin == End && Begin.Height == Begin.Width;

    /// <summary>Reads a node's window.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kernel">Rows and columns of its kernel.</param>
    /// <param name="input">Shape of its input.</param>
    /// <exception cref="OnnxException">It is not one of two dimensions, or differs between them.</exception>
    public static SpatialWindow Of(OnnxNode node, (int Height, int Width) kernel, Shape input)
    {
        var stride = Same(node, "strides");
        var dilation = Same(node, "dilations");
        var pads = node.Ints("pads") ?? [0, 0, 0, 0];
        if (pads is not [var top, var left, var bottom, var right] || pads.Any(pad => pad < 0)) throw node.Wrong($"pads is [{string.Join(", ", pads)}]; expected four numbers, at least 0");
        var window = new SpatialWindow(kernel, stride, dilation, (top, left), (bottom, right));
        return node.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => window,
            "VALID" => window with { Begin = (0, 0), End = (0, 0) },
            "SAME_UPPER" => window.WithSame(input, isUpper: true),
            "SAME_LOWER" => window.WithSame(input, isUpper: false),
            var other => throw node.Wrong($"auto_pad is {other}; expected NOTSET, VALID, SAME_UPPER or SAME_LOWER"),
        };
    }

    /// <summary>
    /// The same window with as many zeros after the input as before it, where that changes nothing: a stride may leave the last rows and columns out, or there may be no
    /// more room for a position.
    /// </summary>
    public SpatialWindow Balanced(Shape input)
    {
        var isSame = Positions(input.Height, Kernel.Height, Begin.Height + End.Height) == Positions(input.Height, Kernel.Height, 2 * Begin.Height)
            && Positions(input.Width, Kernel.Width, Begin.Width + End.Width) == Positions(input.Width, Kernel.Width, 2 * Begin.Width);
        return isSame ? this with { End = Begin } : this;
    }

    /// <summary>Whether windows leave rows or columns over at the end.</summary>
    public bool LeavesOver(Shape input) =>
        (input.Height + Begin.Height + End.Height - Kernel.Height) % Stride != 0 || (input.Width + Begin.Width + End.Width - Kernel.Width) % Stride != 0;

    int Positions(int size, int kernel, int zeros) => (size + zeros - (kernel - 1) * Dilation - 1) / Stride;

    /// <summary>Pads so that there are as many positions as strides cover the input; of an odd number of zeros, one more at the end or at the beginning.</summary>
    SpatialWindow WithSame(Shape input, bool isUpper)
    {
        var (height, width) = (Total(input.Height, Kernel.Height), Total(input.Width, Kernel.Width));
        var (less, more) = ((height / 2, width / 2), (height - height / 2, width - width / 2));
        return isUpper ? this with { Begin = less, End = more } : this with { Begin = more, End = less };
    }

    int Total(int size, int kernel) => Math.Max(0, ((size - 1) / Stride) * Stride + (kernel - 1) * Dilation + 1 - size);

    static int Same(OnnxNode node, string name) => node.Ints(name) switch
    {
        null => 1,
        [var one, var other] when one == other && one > 0 => one,
        var values => throw node.Wrong($"{name} is [{string.Join(", ", values)}]; expected two equal numbers above 0"),
    };
}
