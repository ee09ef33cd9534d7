using ResNet.Runtime.Imaging.Bmp;
using ResNet.Runtime.Imaging.Jpeg;
using ResNet.Runtime.Imaging.Png;

namespace ResNet.Runtime.Imaging.Formats;

/// <summary>Recognizes image formats by their first bytes.</summary>
static class ImageFormat
{
    /// <summary>No file longer than this is read: a photo of <see cref="Image.MaxPixels"/> is smaller in any format.</summary>
    const int MaxBytes = 1 << 30;

    static readonly (byte[] Signature, string Name)[] _foreign =
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
        foreach (var (signature, name) in _foreign)
            if (content.StartsWith(signature))
                return name;
        return $"a file that begins with {Convert.ToHexString(content[..Math.Min(8, content.Length)])}";
    }
}
