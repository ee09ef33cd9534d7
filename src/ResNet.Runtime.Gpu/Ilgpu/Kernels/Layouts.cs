using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Sizes of NHWC images, with what is needed to find the pixel of a value.</summary>
struct Images
{
    public FastDivisor Channels, Width, Height;

    public Images(int channels, int height, int width) => (Channels, Height, Width) = (new(channels), new(height), new(width));

    /// <summary>Image, row and column of the value at an offset; <see cref="Position.Offset"/> is its channel.</summary>
    public readonly Position At(int offset)
    {
        var pixel = Channels.Divide(offset);
        var line = Width.Divide(pixel);
        var image = Height.Divide(line);
        return new() { Image = image, Y = Height.Remainder(line, image), X = Width.Remainder(pixel, line), Offset = Channels.Remainder(offset, pixel) };
    }

    /// <summary>Offset of a pixel's first channel.</summary>
    public readonly int Offset(int image, int y, int x) => ((image * Height.Divisor + y) * Width.Divisor + x) * Channels.Divisor;

    /// <summary>Offset of a value of NCHW images.</summary>
    public readonly int Nchw(Position at) => ((at.Image * Channels.Divisor + at.Offset) * Height.Divisor + at.Y) * Width.Divisor + at.X;
}

/// <summary>Layouts of what goes in and out. A thread for each value.</summary>
static class Layouts
{
    public struct Copy
    {
        public ArrayView<float> From, To;
        public Images Images;
        public int Count, Accumulate;
    }

    public static void FromNchw(Copy copy)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= copy.Count) return;
        var value = copy.From[copy.Images.Nchw(copy.Images.At(i))];
        copy.To[i] = copy.Accumulate != 0 ? copy.To[i] + value : value;
    }

    /// <summary>Always copies.</summary>
    public static void ToNchw(Copy copy)
    {
        var i = Grid.GlobalIndex.X;
        if (i < copy.Count) copy.To[copy.Images.Nchw(copy.Images.At(i))] = copy.From[i];
    }

    /// <summary>A convolution's weights (PyTorch's OIHW) as the right matrix of a product: group by group, tap by tap.</summary>
    public struct Packing
    {
        public ArrayView<float> From, To, Scale;

        /// <summary>Values that are written, those that only fill up quads of columns included.</summary>
        public int Count;

        public int Columns;
        public FastDivisor PackedColumns, Rows, RowChannels, TapsPerLine;

        /// <summary>Channels of a group of the weights, and taps in a line of the kernel.</summary>
        public int OutChannels, InChannels, Kernel;

        /// <summary>The taps that are taken: every so many-th, from an origin.</summary>
        public int OriginY, OriginX, Step;

        /// <summary>Forward, rows are input channels; backward, output channels.</summary>
        public int Backward, IsScaled;
    }

    public static void Pack(Packing p)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= p.Count) return;
        var line = p.PackedColumns.Divide(i);
        var column = p.PackedColumns.Remainder(i, line);
        var group = p.Rows.Divide(line);
        var row = p.Rows.Remainder(line, group);
        var tap = p.RowChannels.Divide(row);
        var channel = p.RowChannels.Remainder(row, tap);
        var (output, input) = p.Backward != 0 ? (channel, column) : (column, channel);
        var value = 0f;
        if (column < p.Columns)
        {
            var tapLine = p.TapsPerLine.Divide(tap);
            var y = p.OriginY + tapLine * p.Step;
            var x = p.OriginX + p.TapsPerLine.Remainder(tap, tapLine) * p.Step;
            output += group * p.OutChannels;
            value = p.From[((output * p.InChannels + input) * p.Kernel + y) * p.Kernel + x];
            if (p.IsScaled != 0) value *= p.Scale[output];
        }
        p.To[i] = value;
    }

    /// <summary>Adds up the parts of a weight gradient, into PyTorch's OIHW.</summary>
    public struct Unpacking
    {
        public ArrayView<float> From, To;
        public int Count, Parts, Rows, PackedColumns, Groups;

        /// <summary>Channels of a group, and taps of the kernel.</summary>
        public FastDivisor OutChannels, InChannels, Taps;
    }

    public static void Unpack(Unpacking u)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= u.Count) return;
        var line = u.Taps.Divide(i);
        var tap = u.Taps.Remainder(i, line);
        var output = u.InChannels.Divide(line);
        var input = u.InChannels.Remainder(line, output);
        var group = u.OutChannels.Divide(output);
        var row = group * u.Rows + tap * u.InChannels.Divisor + input;
        var column = u.OutChannels.Remainder(output, group);
        var sum = 0f;
        for (var part = 0; part < u.Parts; part++)
            sum += u.From[(part * u.Groups * u.Rows + row) * u.PackedColumns + column];
        u.To[i] = sum;
    }
}
