using System.Text;

namespace ResNet.Runtime.Imaging.Formats;

/// <summary>Names the kind of a file that is no image, or one of a format that is not read, with what to do about it.</summary>
static class ForeignFile
{
    const string Convert = "; convert it to JPEG or PNG";

    const string Skia = Convert + ", or read it by the package ResNet.Imaging.Skia";

    const string Nowhere = Convert + "; ResNet.Imaging.Skia does not read it either";

    /// <summary>The first bytes of a file, from an offset on, and its kind.</summary>
    static readonly (int Offset, byte[] Signature, string Kind)[] _kinds =
    [
        (0, "GIF8"u8.ToArray(), "a GIF image" + Skia),
        (8, "WEBP"u8.ToArray(), "a WebP image" + Skia),
        (0, "RIFF"u8.ToArray(), "a RIFF file, which holds sound or a film"),
        (0, "II*\0"u8.ToArray(), "a TIFF image, or a camera's raw one" + Nowhere),
        (0, "MM\0*"u8.ToArray(), "a TIFF image, or a camera's raw one" + Nowhere),
        (0, "II+\0"u8.ToArray(), "a BigTIFF image" + Nowhere),
        (0, "MM\0+"u8.ToArray(), "a BigTIFF image" + Nowhere),
        (4, "jP  "u8.ToArray(), "a JPEG 2000 image" + Convert),
        (4, "JXL "u8.ToArray(), "a JPEG XL image" + Convert),
        (0, [0xFF, 0x0A], "a JPEG XL image" + Convert),
        (0, "8BPS"u8.ToArray(), "a Photoshop document" + Convert),
        (0, [0, 0, 1, 0], "an icon (ICO)" + Convert),
        (0, "%PDF"u8.ToArray(), "a PDF document; save its pictures as JPEG or PNG"),
        (0, "PK"u8.ToArray(), "a zip archive; unpack it first"),
        (0, [0x1F, 0x8B], "a gzip archive; unpack it first"),
        (0, "version https://git-lfs"u8.ToArray(), "a pointer of Git LFS; fetch the file itself, by git lfs pull"),
    ];

    /// <summary>The brands of the ISO base media file format, which images of several codecs and films share.</summary>
    static readonly (string Brand, string Kind)[] _brands =
    [
        ("avif", "an AVIF image" + Nowhere), ("avis", "an AVIF image" + Nowhere),
        ("heic", "a HEIC image, as phones take them" + Nowhere), ("heix", "a HEIC image, as phones take them" + Nowhere),
        ("hevc", "a HEIC image, as phones take them" + Nowhere), ("hevx", "a HEIC image, as phones take them" + Nowhere),
        ("heim", "a HEIC image, as phones take them" + Nowhere), ("heis", "a HEIC image, as phones take them" + Nowhere),
        ("mif1", "a HEIF image, as phones take them" + Nowhere), ("msf1", "a HEIF image, as phones take them" + Nowhere),
        ("crx ", "a camera's raw image (CR3)" + Convert),
    ];

    public static string Describe(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return "an empty file";
        if (content.Length >= 12 && content[4..8].SequenceEqual("ftyp"u8))
            return DescribeMedia(content);
        foreach (var (offset, signature, kind) in _kinds)
            if (content.Length > offset && content[offset..].StartsWith(signature))
                return kind;
        return DescribeText(content) ?? $"a file that begins with {System.Convert.ToHexString(content[..Math.Min(8, content.Length)])}";
    }

    /// <summary>The first box names the main brand and those that the file is compatible with; HEIF's own brand says less than the others.</summary>
    static string DescribeMedia(ReadOnlySpan<byte> content)
    {
        int size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(content);
        var box = content[8..Math.Clamp(size, 12, Math.Min(content.Length, 256))];
        foreach (var (brand, kind) in _brands)
            for (int at = 0; at + 4 <= box.Length; at += 4)
                if (at != 4 && Encoding.Latin1.GetString(box.Slice(at, 4)) == brand)
                    return kind;
        return "a film (MP4 or QuickTime); save a frame as JPEG or PNG";
    }

    static string? DescribeText(ReadOnlySpan<byte> content)
    {
        var start = Encoding.Latin1.GetString(content[..Math.Min(1024, content.Length)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return "an HTML page, such as a server sends instead of the image; download the image itself";
        if (start.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) || start.StartsWith('<') && start.Contains("<svg", StringComparison.OrdinalIgnoreCase))
            return "an SVG drawing" + Convert;
        if (start.StartsWith('<') && start.Contains("<html", StringComparison.OrdinalIgnoreCase))
            return "an HTML page, such as a server sends instead of the image; download the image itself";
        return null;
    }
}
