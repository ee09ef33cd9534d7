namespace ResNet.Runtime.Imaging.Bmp;

/// <summary>The run-length coding of bitmaps, RLE8 and RLE4.</summary>
static class BmpRunLength
{
    const byte EndOfLine = 0, EndOfBitmap = 1, Delta = 2;

    /// <summary>Gives the palette index of each pixel, a byte each, in the order of the file; skipped pixels have index 0.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> data, BmpHeader header)
    {
        var reader = new ByteReader(data, "BMP");
        int width = header.Width, height = header.Height;
        bool packed = header.Compression == BmpCompression.RunLength4;
        var indices = new byte[(long)width * height];
        for (int x = 0, y = 0; y < height;)
        {
            byte count = reader.U8(), value = reader.U8();
            if (count > 0)
            {
                // A run of one index, or of two in turn; what exceeds the row is dropped.
                var run = Rest(indices, x, y, width, count);
                for (int i = 0; i < run.Length; i++)
                    run[i] = packed ? Nibble(value, i) : value;
                x = Math.Min(x + count, width);
                continue;
            }
            switch (value)
            {
                case EndOfLine:
                    (x, y) = (0, y + 1);
                    break;
                case EndOfBitmap:
                    return indices;
                case Delta:
                    x = Math.Min(x + reader.U8(), width);
                    y += reader.U8();
                    break;
                default:
                    // So many indices as they are, padded to 16 bits.
                    var literal = reader.Take(packed ? (value + 1) / 2 : value);
                    if (literal.Length % 2 != 0)
                        reader.Take(1);
                    var target = Rest(indices, x, y, width, value);
                    for (int i = 0; i < target.Length; i++)
                        target[i] = packed ? Nibble(literal[i / 2], i) : literal[i];
                    x = Math.Min(x + value, width);
                    break;
            }
        }
        return indices;
    }

    static Span<byte> Rest(byte[] indices, int x, int y, int width, int count) =>
        indices.AsSpan(y * width + x, Math.Min(count, width - x));

    /// <summary>The upper half of a byte comes first.</summary>
    static byte Nibble(byte value, int position) => (byte)(position % 2 == 0 ? value >> 4 : value & 15);
}
