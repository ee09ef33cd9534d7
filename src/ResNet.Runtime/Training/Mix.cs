using System.Numerics;

namespace ResNet.Runtime.Training;

/// <summary>The way in which the images of a batch are mixed.</summary>
/// <param name="Own">λ: the share that an image keeps of itself.</param>
/// <param name="Cut">The box that comes from the other image; null where all pixels are averaged.</param>
readonly record struct Mix(double Own, (int Left, int Top, int Right, int Bottom)? Cut)
{
    /// <summary>A box around a center that covers 1 - λ of an image unless it is cut at the border.</summary>
    public static Mix Box(double own, int x, int y, int width, int height)
    {
        var half = 0.5 * Math.Sqrt(1 - own);
        var (columns, rows) = ((int)(half * width), (int)(half * height));
        var (left, top) = (Math.Max(x - columns, 0), Math.Max(y - rows, 0));
        var (right, bottom) = (Math.Min(x + columns, width), Math.Min(y + rows, height));
        return new(1 - (double)(right - left) * (bottom - top) / ((double)width * height), (left, top, right, bottom));
    }

    /// <summary>The image that another one is mixed with.</summary>
    /// <param name="image">Number of the image in its batch.</param>
    /// <param name="count">Images of the batch.</param>
    public static int Other(int image, int count) => (image + count - 1) % count;

    /// <summary>Mixes images.</summary>
    /// <param name="images">Images × channels × rows × columns.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="to">Receives the mixed images.</param>
    public void Apply(ReadOnlySpan<float> images, int count, int width, int height, Span<float> to)
    {
        var length = images.Length / count;
        for (var i = 0; i < count; i++)
        {
            var own = images.Slice(i * length, length);
            var other = images.Slice(Other(i, count) * length, length);
            var mixed = to.Slice(i * length, length);
            if (Cut is { } box) Paste(own, other, mixed, box, width, height);
            else Average(own, other, mixed);
        }
    }

    static void Paste(ReadOnlySpan<float> own, ReadOnlySpan<float> other, Span<float> mixed, (int Left, int Top, int Right, int Bottom) box, int width, int height)
    {
        own.CopyTo(mixed);
        for (var plane = 0; plane < own.Length; plane += width * height)
            for (var y = box.Top; y < box.Bottom; y++)
            {
                var row = plane + y * width;
                other[(row + box.Left)..(row + box.Right)].CopyTo(mixed[(row + box.Left)..]);
            }
    }

    void Average(ReadOnlySpan<float> own, ReadOnlySpan<float> other, Span<float> mixed)
    {
        var (kept, taken) = ((float)Own, (float)(1 - Own));
        var i = 0;
        for (; i <= own.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(own[i..]) * kept + new Vector<float>(other[i..]) * taken).CopyTo(mixed[i..]);
        for (; i < own.Length; i++) mixed[i] = own[i] * kept + other[i] * taken;
    }
}
