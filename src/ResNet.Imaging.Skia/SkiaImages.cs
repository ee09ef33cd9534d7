using ResNet.Runtime;

namespace ResNet.Imaging.Skia;

/// <summary>Image formats that SkiaSharp decodes.</summary>
public static class SkiaImages
{
    static readonly Lock _gate = new();

    static readonly IImageDecoder[] _decoders =
    [
        new SkiaDecoder("WebP", [".webp"], content => content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8)),
        new SkiaDecoder("GIF", [".gif"], content => content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8)),
    ];

    /// <summary>
    /// Adds WebP and GIF to the <see cref="ImageFormats"/>; of an animation, the first picture. JPEG, PNG and BMP are decoded as before. A second
    /// call changes nothing.
    /// </summary>
    /// <remarks>
    /// The limits on pixels and memory hold for these formats, too. Transparency is dropped: of WebP, what a pixel's color is under it; a GIF has
    /// none there, and its transparent pixels are black. A WebP's EXIF orientation is applied. Color profiles are not.
    /// </remarks>
    public static void Register()
    {
        lock (_gate)
            foreach (var decoder in _decoders)
                if (!ImageFormats.Decoders.Contains(decoder)) ImageFormats.Register(decoder);
    }
}
