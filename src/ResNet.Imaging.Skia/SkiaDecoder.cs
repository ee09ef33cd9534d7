using ResNet.Runtime;
using ResNet.Runtime.Imaging;
using SkiaSharp;

namespace ResNet.Imaging.Skia;

/// <summary>A format that Skia decodes.</summary>
/// <param name="name">The format's name.</param>
/// <param name="extensions">Extensions of its files.</param>
/// <param name="recognizes">Whether content is of the format, by its first bytes.</param>
sealed class SkiaDecoder(string name, string[] extensions, SkiaDecoder.Signature recognizes) : IImageDecoder
{
    /// <summary>
    /// Pixels that a file of any length may declare. A picture of one color takes no bit per pixel in a lossless WebP, so the format sets no bound;
    /// beyond these 48 MB of pixels, a file is as long as those of other formats.
    /// </summary>
    const long FreePixels = 1 << 24;

    /// <summary>Pixels that a byte holds at most: more than what PNG's compression reaches for bits, or GIF's.</summary>
    const long PixelsPerByte = 8 * 1032;

    public delegate bool Signature(ReadOnlySpan<byte> content);

    delegate T Use<T>(SKCodec codec);

    public string Name => name;

    public IReadOnlyList<string> Extensions => extensions;

    public bool Recognizes(ReadOnlySpan<byte> content) => recognizes(content);

    public ImageInfo Identify(ReadOnlySpan<byte> content) =>
        Open(content, codec => ImageLimits.Info(name, codec.Info.Width, codec.Info.Height, (int)codec.EncodedOrigin));

    public Image Decode(ReadOnlySpan<byte> content)
    {
        var length = content.Length;
        return Open(content, codec =>
        {
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            ImageLimits.CheckSize(name, width, height, FreePixels + PixelsPerByte * length);
            return Orientation.Apply(Read(codec, width, height), (int)codec.EncodedOrigin);
        });
    }

    unsafe Image Read(SKCodec codec, int width, int height)
    {
        var pixels = new byte[4L * width * height];
        fixed (byte* target = pixels)
        {
            // Without a color space, values stay as they are stored.
            var result = codec.GetPixels(new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)target);
            if (result != SKCodecResult.Success)
                throw new ImageException($"{name}: expected compressed data for {width}×{height} pixels, found damaged or too little data ({result}).");
        }
        return new(width, height, WithoutAlpha(pixels));
    }

    static byte[] WithoutAlpha(byte[] rgba)
    {
        var rgb = new byte[rgba.Length / 4 * 3];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }
        return rgb;
    }

    unsafe T Open<T>(ReadOnlySpan<byte> content, Use<T> use)
    {
        try
        {
            fixed (byte* start = content)
            {
                // Not copied: the codec is done with it when this returns.
                using var data = SKData.Create((nint)start, content.Length);
                using var codec = SKCodec.Create(data) ?? throw new ImageException($"{name}: expected a header with the image's size, found it damaged or cut short.");
                return use(codec);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            throw new ImageException($"{name}: the native library libSkiaSharp, which decodes it, cannot be loaded on this system: {e.Message}", e);
        }
    }
}
