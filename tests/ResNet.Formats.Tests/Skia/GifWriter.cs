using ResNet.Runtime;

namespace ResNet.Formats.Tests.Skia;

/// <summary>Writes GIF files of a few colours: codes of LZW that never grow, since the table is cleared before it is full.</summary>
static class GifWriter
{
    /// <summary>Writes frames of the same size, each as indices into a palette of four colours.</summary>
    public static byte[] Write(int width, int height, byte[] palette, byte? transparent, params byte[][] frames)
    {
        var gif = new List<byte>("GIF89a"u8.ToArray());
        gif.AddRange([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0b1000_0001, 0, 0]);
        gif.AddRange(palette);
        foreach (var frame in frames)
        {
            // Shown for 0.1 s, with or without a transparent colour.
            gif.AddRange([0x21, 0xF9, 4, (byte)(transparent is null ? 0 : 1), 10, 0, transparent ?? 0, 0]);
            gif.AddRange([0x2C, 0, 0, 0, 0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0]);
            gif.Add(2);
            var codes = Codes(frame);
            for (var at = 0; at < codes.Length; at += 255)
            {
                var piece = codes[at..Math.Min(codes.Length, at + 255)];
                gif.Add((byte)piece.Length);
                gif.AddRange(piece);
            }
            gif.Add(0);
        }
        gif.Add(0x3B);
        return [.. gif];
    }

    public static Image ToImage(int width, int height, byte[] palette, byte[] indices) =>
        Image.FromRgb(width, height, indices.SelectMany(index => palette.AsSpan(3 * index, 3).ToArray()).ToArray());

    /// <summary>Codes of three bits: 4 clears, 5 ends; after a clear, two colours come before codes would take four bits.</summary>
    static byte[] Codes(byte[] indices)
    {
        var bits = new List<bool>();
        void Add(int code)
        {
            for (var bit = 0; bit < 3; bit++) bits.Add((code >> bit & 1) != 0);
        }
        for (var at = 0; at < indices.Length; at++)
        {
            if (at % 2 == 0) Add(4);
            Add(indices[at]);
        }
        Add(5);
        var bytes = new byte[(bits.Count + 7) / 8];
        for (var bit = 0; bit < bits.Count; bit++)
            if (bits[bit]) bytes[bit / 8] |= (byte)(1 << bit % 8);
        return bytes;
    }
}
