namespace ResNet.Runtime.Imaging.Bmp;

enum BmpCompression : uint
{
    None = 0,
    RunLength8 = 1,
    RunLength4 = 2,
    BitFields = 3,
    AlphaBitFields = 6,
}

/// <summary>The headers before a bitmap's pixels: Windows' of all versions, and OS/2's.</summary>
sealed class BmpHeader
{
    const int FileHeaderSize = 14, CoreHeaderSize = 12, InfoHeaderSize = 40;

    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool TopDown { get; init; }
    public required int BitsPerPixel { get; init; }
    public required BmpCompression Compression { get; init; }

    /// <summary>RGB by index, for up to 8 bits per pixel.</summary>
    public required byte[] Palette { get; init; }

    /// <summary>The masks of red, green and blue, for 16 and 32 bits per pixel.</summary>
    public required (uint Red, uint Green, uint Blue) Masks { get; init; }

    public required int PixelOffset { get; init; }

    public bool IsRunLength => Compression is BmpCompression.RunLength8 or BmpCompression.RunLength4;

    /// <summary>Bytes from one row to the next: rows are padded to 32 bits.</summary>
    public long Stride => ((long)Width * BitsPerPixel + 31) / 32 * 4;

    public static BmpHeader Read(ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(content, "BMP") { Position = 10 };
        uint pixelOffset = reader.U32(), size = reader.U32();
        if (size is not (CoreHeaderSize or InfoHeaderSize or 52 or 56 or 64 or 108 or 124))
            throw new ImageException($"BMP: expected a header of 12, 40, 52, 56, 64, 108 or 124 bytes, found {size}.");
        bool isCore = size == CoreHeaderSize;
        long width = isCore ? reader.U16() : reader.I32(), height = isCore ? reader.U16() : reader.I32();
        int planes = reader.U16(), bits = reader.U16();
        var compression = BmpCompression.None;
        uint colors = 0;
        if (!isCore)
        {
            compression = (BmpCompression)reader.U32();
            reader.Take(12);
            colors = reader.U32();
        }

        bool valid = compression switch
        {
            BmpCompression.None => bits is 1 or 4 or 8 or 16 or 24 or 32,
            BmpCompression.RunLength8 => bits == 8 && height > 0,
            BmpCompression.RunLength4 => bits == 4 && height > 0,
            BmpCompression.BitFields or BmpCompression.AlphaBitFields => bits is 16 or 32,
            _ => false,
        };
        if (!valid || planes != 1)
            throw new ImageException($"BMP: expected 1, 4, 8, 16, 24 or 32 bits in one plane, plain, run-length coded or in bit fields; found {bits} bits in {planes} planes with compression {(uint)compression}.");
        if (pixelOffset > content.Length)
            throw new ImageException($"BMP: expected pixels at offset {pixelOffset}, found {content.Length} bytes.");
        // A run-length coded file may leave much out, but one that has nearly nothing is no picture.
        long available = content.Length - pixelOffset;
        ImageLimits.CheckSize("BMP", width, Math.Abs(height), compression is BmpCompression.RunLength8 or BmpCompression.RunLength4 ? available * 256 : available * 8 / bits);

        var masks = bits == 16 ? (0x7C00u, 0x03E0u, 0x001Fu) : (0xFF0000u, 0xFF00u, 0xFFu);
        int paletteOffset = FileHeaderSize + (int)size;
        if (compression is BmpCompression.BitFields or BmpCompression.AlphaBitFields)
        {
            // Later headers include the masks; the first is followed by them: the place is the same.
            reader.Position = FileHeaderSize + InfoHeaderSize;
            masks = (reader.U32(), reader.U32(), reader.U32());
        }
        return new BmpHeader
        {
            Width = (int)width,
            Height = (int)Math.Abs(height),
            TopDown = height < 0,
            BitsPerPixel = bits,
            Compression = compression,
            Masks = masks,
            PixelOffset = (int)pixelOffset,
            Palette = bits <= 8 ? ReadPalette(content, paletteOffset, (int)pixelOffset, bits, colors, isCore ? 3 : 4) : [],
        };
    }

    static byte[] ReadPalette(ReadOnlySpan<byte> content, int offset, int pixelOffset, int bits, uint colors, int entrySize)
    {
        // 0 stands for all, and short palettes are cut off by the pixels.
        int count = (int)Math.Min(colors == 0 ? uint.MaxValue : colors, 1u << bits);
        count = Math.Min(count, Math.Max(0, pixelOffset - offset) / entrySize);
        var palette = new byte[3 * count];
        for (int i = 0; i < count; i++)
        {
            var entry = content.Slice(offset + i * entrySize, 3);
            (palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]) = (entry[2], entry[1], entry[0]);
        }
        return palette;
    }
}
