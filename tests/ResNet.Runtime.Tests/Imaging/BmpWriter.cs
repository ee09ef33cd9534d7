namespace ResNet.Tests.Imaging;

/// <summary>Writes bitmaps of every kind.</summary>
static class BmpWriter
{
    /// <summary>A file of a header (12, 40 or 108 bytes), what follows it (masks, palette) and the pixels as they are.</summary>
    public static byte[] Write(int headerSize, int width, int height, int bits, int compression, byte[] afterHeader, byte[] pixels, int colors = 0)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("BM"u8);
        writer.Write(14 + headerSize + afterHeader.Length + pixels.Length);
        writer.Write(0);
        writer.Write(14 + headerSize + afterHeader.Length);
        writer.Write(headerSize);
        if (headerSize == 12)
        {
            foreach (int value in new[] { width, height, 1, bits })
                writer.Write((ushort)value);
        }
        else
        {
            writer.Write(width);
            writer.Write(height);
            writer.Write((ushort)1);
            writer.Write((ushort)bits);
            foreach (int value in new[] { compression, pixels.Length, 2835, 2835, colors, 0 })
                writer.Write(value);
        }
        writer.Write(afterHeader);
        // A longer header begins with what was given as following it: the masks.
        if (headerSize > 40)
            writer.Write(new byte[headerSize - 40 - afterHeader.Length]);
        writer.Write(pixels);
        var bytes = file.ToArray();
        if (headerSize > 40)
            BitConverter.TryWriteBytes(bytes.AsSpan(10), 14 + headerSize);
        return bytes;
    }

    public static byte[] Masks(params uint[] masks) => [.. masks.SelectMany(BitConverter.GetBytes)];
}
