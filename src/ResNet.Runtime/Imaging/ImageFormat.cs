using ResNet.Runtime.Imaging.Bmp;
using ResNet.Runtime.Imaging.Jpeg;
using ResNet.Runtime.Imaging.Png;

namespace ResNet.Runtime.Imaging;

/// <summary>Recognizes image formats by their first bytes, and holds the limits that all decoders keep.</summary>
static class ImageFormat
{
    /// <summary>No file longer than this is read: a photo of <see cref="Image.MaxPixels"/> is smaller in any format.</summary>
    const int MaxBytes = 1 << 30;

    static readonly (byte[] Signature, string Name)[] Foreign =
    [
        ("GIF8"u8.ToArray(), "GIF"),
        ("RIFF"u8.ToArray(), "WebP or another RIFF file"),
        ("II*\0"u8.ToArray(), "TIFF"),
        ("MM\0*"u8.ToArray(), "TIFF"),
        ([0, 0, 0, 0x0C, (byte)'j', (byte)'P'], "JPEG 2000"),
        ([0xFF, 0x0A], "JPEG XL"),
    ];

    public static Image Decode(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith(JpegDecoder.Signature))
            return JpegDecoder.Decode(content);
        if (content.StartsWith(PngDecoder.Signature))
            return PngDecoder.Decode(content);
        if (content.StartsWith(BmpDecoder.Signature))
            return BmpDecoder.Decode(content);
        throw new ImageException($"Expected a JPEG, PNG or BMP image; found {Describe(content)}.");
    }

    /// <summary>Refuses sizes that no decoder may allocate.</summary>
    /// <param name="format">The format's name, for the message.</param>
    /// <param name="width">The declared width.</param>
    /// <param name="height">The declared height.</param>
    /// <param name="atMost">The most pixels that the length of the content can encode.</param>
    public static void CheckSize(string format, long width, long height, long atMost)
    {
        if (width <= 0 || height <= 0)
            throw new ImageException($"{format}: expected a positive size, found {width}×{height}.");
        if (width > Image.MaxPixels || height > Image.MaxPixels || width * height > Image.MaxPixels)
            throw new ImageException($"{format}: expected at most {Image.MaxPixels} pixels, found {width}×{height}.");
        if (width * height > atMost)
            throw new ImageException($"{format}: {width}×{height} pixels are declared, but the file is so short that it holds at most {atMost}.");
    }

    public static byte[] ReadAll(Stream stream)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (content.Length + read > MaxBytes)
                throw new ImageException($"Expected an image of at most {MaxBytes} bytes; found a longer file.");
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }

    static string Describe(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return "an empty file";
        foreach (var (signature, name) in Foreign)
            if (content.StartsWith(signature))
                return name;
        return $"a file that begins with {Convert.ToHexString(content[..Math.Min(8, content.Length)])}";
    }
}
