namespace ResNet.Runtime.Imaging;

/// <summary>The limits that all decoders keep.</summary>
static class ImageLimits
{
    const long MaxBytes = 1 << 30;

    /// <summary>Refuses sizes that no decoder may allocate.</summary>
    /// <param name="format">The format's name, for the message.</param>
    /// <param name="width">The declared width.</param>
    /// <param name="height">The declared height.</param>
    /// <param name="atMost">The most pixels that the length of the content can encode.</param>
    public static void CheckSize(string format, long width, long height, long atMost)
    {
        CheckPositive(format, width, height);
        if (width > Image.MaxPixels || height > Image.MaxPixels || width * height > Image.MaxPixels)
            throw new ImageException($"{format}: expected at most {Image.MaxPixels} pixels, found {width}×{height}.");
        if (width * height > atMost)
            throw new ImageException($"{format}: {width}×{height} pixels are declared, but the file is so short that it holds at most {atMost}.");
    }

    /// <summary>Refuses images that take more than a gibibyte to decode, before it is taken.</summary>
    /// <param name="format">The format's name, for the message.</param>
    /// <param name="width">The declared width.</param>
    /// <param name="height">The declared height.</param>
    /// <param name="bytes">The bytes that the decoder holds beside the image's pixels.</param>
    public static void CheckMemory(string format, long width, long height, long bytes)
    {
        var total = bytes + 3 * width * height;
        if (total > MaxBytes)
            throw new ImageException($"{format}: {width}×{height} pixels take {total} bytes to decode; expected at most {MaxBytes}.");
    }

    /// <summary>The size that a header declares, whether or not it can be decoded.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="width">The declared width.</param>
    /// <param name="height">The declared height.</param>
    /// <param name="orientation">The EXIF orientation.</param>
    public static ImageInfo Info(string format, long width, long height, int orientation = Orientation.Upright)
    {
        CheckPositive(format, width, height);
        if (width > int.MaxValue || height > int.MaxValue)
            throw new ImageException($"{format}: expected at most {Image.MaxPixels} pixels, found {width}×{height}.");
        return orientation >= 5 ? new(format, (int)height, (int)width, orientation) : new(format, (int)width, (int)height, orientation);
    }

    static void CheckPositive(string format, long width, long height)
    {
        if (width <= 0 || height <= 0)
            throw new ImageException($"{format}: expected a positive size, found {width}×{height}.");
    }
}
