namespace ResNet.Runtime.Imaging;

/// <summary>
/// Blends an image with one that lacks what is to be enhanced, as Pillow's <c>ImageEnhance</c> does: factor 0 gives that one, 1 the image itself, and what is above 1
/// goes beyond it.
/// </summary>
static class Enhancement
{
    /// <summary>Blends with black.</summary>
    public static Image Brightness(Image image, double factor) => Blend(new byte[image.Pixels.Length], image, factor);

    /// <summary>Blends with the gray picture.</summary>
    public static Image Color(Image image, double factor)
    {
        var grey = new byte[image.Pixels.Length];
        for (var at = 0; at < grey.Length; at += 3) grey.AsSpan(at, 3).Fill(Luminance(image.Pixels, at));
        return Blend(grey, image, factor);
    }

    /// <summary>Blends with the mean gray.</summary>
    public static Image Contrast(Image image, double factor)
    {
        var sum = 0L;
        for (var at = 0; at < image.Pixels.Length; at += 3) sum += Luminance(image.Pixels, at);
        var mean = new byte[image.Pixels.Length];
        Array.Fill(mean, (byte)((double)sum / (image.Width * image.Height) + 0.5));
        return Blend(mean, image, factor);
    }

    /// <summary>Blends with the smoothed picture.</summary>
    public static Image Sharpness(Image image, double factor)
    {
        var smooth = image.Pixels.ToArray();
        for (var y = 1; y < image.Height - 1; y++)
            for (var at = 3; at < 3 * (image.Width - 1); at++)
            {
                var sum = 4 * image.Row(y)[at];
                for (var row = y - 1; row <= y + 1; row++) sum += image.Row(row)[at - 3] + image.Row(row)[at] + image.Row(row)[at + 3];
                // Thirteenths, rounded: none lies half between two values.
                smooth[3 * image.Width * y + at] = (byte)((2 * sum + 13) / 26);
            }
        return Blend(smooth, image, factor);
    }

    /// <summary>The luminance of ITU-R 601-2, in Pillow's integers.</summary>
    static byte Luminance(ReadOnlySpan<byte> pixels, int at) => (byte)((pixels[at] * 19595 + pixels[at + 1] * 38470 + pixels[at + 2] * 7471 + 0x8000) >> 16);

    static Image Blend(byte[] lacking, Image image, double factor)
    {
        // In single precision, and cut rather than rounded, as Pillow does.
        var alpha = (float)factor;
        var pixels = image.Pixels;
        for (var i = 0; i < lacking.Length; i++)
            lacking[i] = (byte)Math.Clamp(lacking[i] + alpha * (pixels[i] - lacking[i]), 0, 255);
        return new(image.Width, image.Height, lacking);
    }
}
