using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads convolutions. One whose kernel or padding is not the same on all sides becomes one with a larger kernel, whose added taps are zero.</summary>
static class ConvolutionReader
{
    /// <summary>Reads a node.</summary>
    /// <param name="node">A Conv.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="before">Zeros that a Pad before it adds: above, left, below, right.</param>
    /// <param name="name">Makes the layer's name of the weight's.</param>
    /// <exception cref="OnnxException">Networks have no such convolution.</exception>
    public static ReadLayer Read(OnnxNode node, Shape input, int[] before, Func<Numbers, string> name)
    {
        var weight = node.Constant(1, "weight");
        if (weight.Shape is not [var channels, var group, var height, var width]) throw node.Wrong($"the weight is {string.Join('×', weight.Shape)}; expected four dimensions");
        var groups = node.Int("group", 1);
        if ((long)group * groups != input.Channels) throw node.Wrong($"the weight takes {group} channels in each of {groups} groups, the input has {input.Channels}");
        var padded = new Shape(input.Channels, input.Height + before[0] + before[2], input.Width + before[1] + before[3]);
        var window = SpatialWindow.Of(node, (height, width), padded);
        window = window with
        {
            Begin = (window.Begin.Height + before[0], window.Begin.Width + before[1]),
            End = (window.End.Height + before[2], window.End.Width + before[3]),
        };
        window = window.Balanced(input);
        var (padding, kernel, top, left) = window.IsSymmetric ? (window.Begin.Height, height, 0, 0) : Enlarge(node, window);
        var bias = node.Proto.Input.Count > 2 && node.Proto.Input[2].Length > 0 ? node.Constant(2, "bias") : null;
        if (bias is not null && bias.Values.Length != channels) throw node.Wrong($"the bias has {bias.Values.Length} values for {channels} channels");
        var layer = new Conv2d(name(weight), channels, kernel, window.Stride, padding, window.Dilation, groups, bias is not null);
        var values = new float[(long)channels * group * kernel * kernel];
        for (var i = 0; i < channels * group; i++)
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    values[(i * kernel + top + y) * kernel + left + x] = weight.Values[(i * height + y) * width + x];
        return new(layer, bias is null ? [("weight", values)] : [("weight", values), ("bias", bias.Values)]);
    }

    // Far above what frameworks pad with; a file may ask for more memory than there is.
    const int LargestKernel = 64, MostEnlarged = 64;

    /// <summary>Pads all sides alike; what is too much on a side, a zero row or column of the kernel takes up.</summary>
    static (int Padding, int Kernel, int Top, int Left) Enlarge(OnnxNode node, SpatialWindow window)
    {
        var ((height, width), begin, end) = (window.Kernel, window.Begin, window.End);
        if (window.Dilation != 1) throw node.Wrong("its kernel or padding is not the same on all sides, and it is dilated");
        var padding = new[] { begin.Height, begin.Width, end.Height, end.Width }.Max();
        var (rows, columns) = (height + 2 * padding - begin.Height - end.Height, width + 2 * padding - begin.Width - end.Width);
        return rows == columns && rows <= LargestKernel && rows * columns <= MostEnlarged * height * width
            ? (padding, rows, padding - begin.Height, padding - begin.Width)
            : throw node.Wrong($"a kernel of {height}×{width} with padding {begin.Height}, {begin.Width}, {end.Height}, {end.Width} (above, left, below, right) has no square form of at most {LargestKernel}×{LargestKernel} and {MostEnlarged} times as many taps");
    }
}
