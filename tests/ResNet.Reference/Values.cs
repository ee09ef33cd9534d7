using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>A batch of activations in double precision: image, channel, row, column.</summary>
public sealed class Values(int batch, Shape shape, double[] data)
{
    /// <summary>Zeros.</summary>
    public Values(int batch, Shape shape) : this(batch, shape, new double[checked((int)(batch * shape.Elements))])
    {
    }

    /// <summary>Number of images.</summary>
    public int Batch => batch;

    /// <summary>Shape of each image's activation.</summary>
    public Shape Shape => shape;

    /// <summary>The values themselves.</summary>
    public double[] Data => data;

    /// <summary>The value at an index of the batch.</summary>
    public double this[int index] => data[index];

    /// <summary>Values of one feature map.</summary>
    public int PlaneSize => shape.Height * shape.Width;

    /// <summary>Feature maps of the whole batch.</summary>
    public int Planes => batch * shape.Channels;

    /// <summary>One feature map of one image, counted through the batch.</summary>
    public Span<double> Plane(int plane) => data.AsSpan(plane * PlaneSize, PlaneSize);

    /// <summary>One feature map of one image.</summary>
    public Span<double> Plane(int image, int channel) => Plane(image * shape.Channels + channel);

    /// <summary>Values of the same batch and shape.</summary>
    /// <param name="value">The value at an index.</param>
    public Values Map(Func<int, double> value) => Map((i, _) => value(i));

    /// <summary>Values of the same batch and shape.</summary>
    /// <param name="value">The value at an index, which lies in a channel.</param>
    public Values Map(Func<int, int, double> value)
    {
        var result = new Values(batch, shape);
        ForEach((i, channel) => result.Data[i] = value(i, channel));
        return result;
    }

    /// <summary>A sum per channel, over the batch, rows and columns.</summary>
    /// <param name="value">The summand at an index, which lies in a channel.</param>
    public double[] SumPerChannel(Func<int, int, double> value)
    {
        var sums = new double[shape.Channels];
        ForEach((i, channel) => sums[channel] += value(i, channel));
        return sums;
    }

    /// <summary>The sums, value by value.</summary>
    public static Values operator +(Values left, Values right) => left.Map(i => left[i] + right[i]);

    /// <summary>The products, value by value.</summary>
    public static Values operator *(Values left, Values right) => left.Map(i => left[i] * right[i]);

    void ForEach(Action<int, int> visit)
    {
        for (var plane = 0; plane < Planes; plane++)
            for (var i = plane * PlaneSize; i < (plane + 1) * PlaneSize; i++)
                visit(i, plane % shape.Channels);
    }
}
