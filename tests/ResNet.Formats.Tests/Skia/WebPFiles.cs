using System.Buffers.Binary;
using ResNet.Runtime;
using SkiaSharp;

namespace ResNet.Formats.Tests.Skia;

/// <summary>Makes WebP files with the encoder of SkiaSharp.</summary>
static class WebPFiles
{
    public static byte[] Lossless(Image image, byte alpha = 255) => Encode(image, alpha, new(SKWebpEncoderCompression.Lossless, 0));

    public static byte[] Lossy(Image image) => Encode(image, 255, new(SKWebpEncoderCompression.Lossy, 90));

    /// <summary>The same file in the extended format, with the orientation of EXIF.</summary>
    public static byte[] WithOrientation(byte[] simple, Image image, byte orientation)
    {
        byte[] exif = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        const int hasExif = 8;
        byte[] header = [hasExif, 0, 0, 0, .. Size(image.Width), .. Size(image.Height)];
        byte[] chunks = [.. "WEBP"u8, .. Chunk("VP8X"u8, header), .. simple[12..], .. Chunk("EXIF"u8, exif)];
        return Chunk("RIFF"u8, chunks);

        static byte[] Size(int side) => [(byte)(side - 1), (byte)((side - 1) >> 8), 0];
    }

    static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. name, .. length, .. content, .. content.Length % 2 == 0 ? [] : (byte[])[0]];
    }

    static byte[] Encode(Image image, byte alpha, SKWebpEncoderOptions options)
    {
        var rgba = new byte[4 * image.Width * image.Height];
        for (var pixel = 0; pixel < rgba.Length / 4; pixel++)
        {
            image.Pixels.Slice(3 * pixel, 3).CopyTo(rgba.AsSpan(4 * pixel));
            rgba[4 * pixel + 3] = alpha;
        }
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        rgba.CopyTo(bitmap.GetPixelSpan());
        using var pixels = bitmap.PeekPixels()!;
        using var data = pixels.Encode(options)!;
        return data.ToArray();
    }
}
