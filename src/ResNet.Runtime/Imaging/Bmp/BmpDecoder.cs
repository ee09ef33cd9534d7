using System.Buffers.Binary;
using System.Numerics;

namespace ResNet.Runtime.Imaging.Bmp;

/// <summary>Windows and OS/2 bitmaps of 1 to 32 bits per pixel; transparency is ignored.</summary>
sealed class BmpDecoder : IImageDecoder
{
    public string Name => "BMP";

    public IReadOnlyList<string> Extensions { get; } = [".bmp"];

    public bool Recognizes(ReadOnlySpan<byte> content) => content.StartsWith("BM"u8);

    public ImageInfo Identify(ReadOnlySpan<byte> content)
    {
        var header = BmpHeader.Read(content);
        return ImageLimits.Info("BMP", header.Width, header.Height);
    }

    public Image Decode(ReadOnlySpan<byte> content)
    {
        var header = BmpHeader.Read(content);
        var data = content[header.PixelOffset..];
        long stride = header.Stride;
        int bits = header.BitsPerPixel;
        if (header.IsRunLength)
        {
            data = BmpRunLength.Decode(data, header);
            (stride, bits) = (header.Width, 8);
        }

        long rowBytes = ((long)header.Width * bits + 7) / 8, needed = stride * (header.Height - 1) + rowBytes;
        if (data.Length < needed)
            throw new ImageException($"BMP: expected {needed} bytes of pixels, found {data.Length}.");
        var pixels = new byte[3L * header.Width * header.Height];
        for (int y = 0; y < header.Height; y++)
        {
            int at = header.TopDown ? y : header.Height - 1 - y;
            var row = data.Slice((int)(at * stride), (int)rowBytes);
            var target = pixels.AsSpan(3 * header.Width * y, 3 * header.Width);
            if (bits <= 8)
                ConvertIndexed(row, bits, header.Palette, target);
            else if (bits == 24)
                ConvertBgr(row, target);
            else
                ConvertMasked(row, bits / 8, header.Masks, target);
        }
        return new Image(header.Width, header.Height, pixels);
    }

    static void ConvertIndexed(ReadOnlySpan<byte> row, int bits, byte[] palette, Span<byte> target)
    {
        int mask = (1 << bits) - 1, perByte = 8 / bits;
        for (int x = 0; 3 * x < target.Length; x++)
        {
            int index = row[x / perByte] >> (8 - bits - x % perByte * bits) & mask;
            if (3 * index >= palette.Length)
                throw new ImageException($"BMP: expected colors of the palette's {palette.Length / 3}, found number {index}.");
            palette.AsSpan(3 * index, 3).CopyTo(target[(3 * x)..]);
        }
    }

    static void ConvertBgr(ReadOnlySpan<byte> row, Span<byte> target)
    {
        for (int at = 0; at + 2 < target.Length; at += 3)
            (target[at], target[at + 1], target[at + 2]) = (row[at + 2], row[at + 1], row[at]);
    }

    static void ConvertMasked(ReadOnlySpan<byte> row, int bytes, (uint Red, uint Green, uint Blue) masks, Span<byte> target)
    {
        for (int at = 0; at < target.Length; at += 3, row = row[bytes..])
        {
            uint pixel = bytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(row) : BinaryPrimitives.ReadUInt32LittleEndian(row);
            target[at] = Scale(pixel, masks.Red);
            target[at + 1] = Scale(pixel, masks.Green);
            target[at + 2] = Scale(pixel, masks.Blue);
        }
    }

    /// <summary>Brings the bits under a mask to 0 … 255; without a mask there is none of that color.</summary>
    static byte Scale(uint pixel, uint mask)
    {
        if (mask == 0)
            return 0;
        int shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((pixel & mask) >> shift) * 255 / (mask >> shift));
    }
}
