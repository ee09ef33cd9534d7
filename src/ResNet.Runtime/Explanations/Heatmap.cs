using ResNet.Dsl;

namespace ResNet.Runtime;

/// <summary>The places of a picture where a network sees a class, as <see cref="GradCam"/> computes them.</summary>
public sealed class Heatmap
{
    // The remaining brightness of the part that the network did not see.
    const double Unseen = 0.35;

    const double Opacity = 0.75;

    readonly float[] _values;
    readonly (double Left, double Top, double Width, double Height) _crop;

    /// <param name="explained">The class.</param>
    /// <param name="maps">Shape of the feature maps.</param>
    /// <param name="values">A value for each place of the maps, at least 0.</param>
    /// <param name="crop">The part of the picture that the network was shown, as parts of the picture's sides; beyond 0…1 where it was padded.</param>
    internal Heatmap(Prediction explained, Shape maps, float[] values, (double Left, double Top, double Width, double Height) crop)
    {
        (Explained, Height, Width, _values, _crop) = (explained, maps.Height, maps.Width, values, crop);
        Largest = values.Max();
    }

    /// <summary>The class that is explained, and its probability.</summary>
    public Prediction Explained { get; }

    /// <summary>Rows of the last feature maps: 7 of ResNet-50 at 224×224.</summary>
    public int Height { get; }

    /// <summary>Columns of the last feature maps.</summary>
    public int Width { get; }

    /// <summary>
    /// For each place of the maps, row by row, how much its features speak for the class: the weighted sum of the maps, where it is above zero (Selvaraju
    /// et al. 2017, equation 2). Not scaled.
    /// </summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The largest of the values; 0 where nothing speaks for the class.</summary>
    public float Largest { get; }

    /// <summary>
    /// Draws the map over the picture, which becomes gray: from clear, where nothing speaks for the class, over red to yellow, where most does. The part that
    /// the network did not see keeps its colors, and is darkened.
    /// </summary>
    /// <param name="picture">The picture that was explained, or one of its shape.</param>
    /// <returns>A picture of the same size.</returns>
    public Image Draw(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var pixels = picture.Pixels.ToArray();
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width; x++)
                Blend(pixels.AsSpan(3 * (y * picture.Width + x), 3), (x + 0.5) / picture.Width, (y + 0.5) / picture.Height);
        return Image.FromRgb(picture.Width, picture.Height, pixels);
    }

    void Blend(Span<byte> pixel, double x, double y)
    {
        (x, y) = ((x - _crop.Left) / _crop.Width, (y - _crop.Top) / _crop.Height);
        if (x is < 0 or > 1 || y is < 0 or > 1)
        {
            foreach (ref var channel in pixel) channel = (byte)(channel * Unseen);
            return;
        }
        var heat = Largest > 0 ? At(x * Width - 0.5, y * Height - 0.5) / Largest : 0;
        // Luma by ITU-R BT.601, as Pillow's mode L has it: heat stands out from a picture that is red itself.
        var grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
        pixel[0] = Mix(255);
        pixel[1] = Mix(255 * Math.Clamp(2 * heat - 1, 0, 1));
        pixel[2] = Mix(0);

        byte Mix(double color) => (byte)Math.Round(grey + Opacity * heat * (color - grey));
    }

    /// <summary>The value between the places of the maps, by bilinear interpolation; beyond the outermost ones, theirs.</summary>
    double At(double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, Width - 1), Math.Clamp(y, 0, Height - 1));
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, Width - 1), Math.Min(top + 1, Height - 1));
        var (toRight, down) = (x - left, y - top);
        return (1 - down) * ((1 - toRight) * _values[top * Width + left] + toRight * _values[top * Width + right])
            + down * ((1 - toRight) * _values[bottom * Width + left] + toRight * _values[bottom * Width + right]);
    }
}
