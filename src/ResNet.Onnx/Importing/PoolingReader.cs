using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads poolings.</summary>
static class PoolingReader
{
    /// <summary>Reads a MaxPool.</summary>
    /// <exception cref="OnnxException">Networks have no such pooling.</exception>
    public static ReadLayer ReadMaximum(OnnxNode node, Shape input)
    {
        var (window, isCeil) = Window(node, input);
        return isCeil
            ? throw node.Wrong("ceil_mode is 1, and adds windows; expected 0")
            : new(new MaxPool("maxpool", window.Kernel.Height, window.Stride, window.Begin.Height));
    }

    /// <summary>Reads an AveragePool.</summary>
    /// <exception cref="OnnxException">Networks have no such pooling.</exception>
    public static ReadLayer ReadAverage(OnnxNode node, Shape input)
    {
        var (window, isCeil) = Window(node, input);
        return window.Begin.Height == 0 || node.Int("count_include_pad", 0) == 1
            ? new(new AveragePool("avgpool", window.Kernel.Height, window.Stride, window.Begin.Height, isCeil))
            : throw node.Wrong("padding does not count in its means (count_include_pad is 0); expected that it does, or no padding");
    }

    /// <summary>Reads a ReduceMean over rows and columns.</summary>
    /// <exception cref="OnnxException">It goes over other dimensions.</exception>
    public static ReadLayer ReadMean(OnnxNode node)
    {
        var axes = node.Ints("axes") ?? node.Constants.GetValueOrDefault(1)?.Values.Select(value => (int)value).ToArray() ?? [];
        return axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3])
            ? new(new GlobalAveragePool("avgpool"))
            : throw node.Wrong($"it averages over the dimensions {string.Join(", ", axes)}; expected 2 and 3, rows and columns");
    }

    /// <summary>The window, square and padded alike on all sides, and whether the last one reaches beyond the input.</summary>
    static (SpatialWindow Window, bool IsCeil) Window(OnnxNode node, Shape input)
    {
        if (node.Ints("kernel_shape") is not [var height, var width]) throw node.Wrong("kernel_shape is no pair of numbers");
        var window = SpatialWindow.Of(node, (height, width), input).Balanced(input);
        if (!window.IsSymmetric || window.Dilation != 1)
            throw node.Wrong($"a window of {height}×{width} with padding {window.Begin.Height}, {window.Begin.Width}, {window.End.Height}, {window.End.Width} (above, left, below, right) and dilation {window.Dilation}; expected a square one, padded alike on all sides");
        return (window, node.Int("ceil_mode", 0) == 1 && window.LeavesOver(input));
    }
}
