using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ResNet.Tests.Imaging;

/// <summary>Writes PNG of every kind, from the text of the standard and sharing nothing with the decoder.</summary>
sealed class PngWriter
{
    /// <summary>The pass of each pixel of an 8 × 8 tile, as the standard prints it.</summary>
    static readonly string[] _adam7 =
        ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

    readonly List<byte> _file = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public byte[] ToArray() => [.. _file];

    public PngWriter Chunk(string type, params byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        _file.AddRange(number);
        _file.AddRange(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        _file.AddRange(number);
        return this;
    }

    public PngWriter Header(int width, int height, int depth, int color, bool interlaced = false)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = ((byte)depth, (byte)color, interlaced ? (byte)1 : (byte)0);
        return Chunk("IHDR", data);
    }

    public static byte[] Compress(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
            zlib.Write(data);
        return compressed.ToArray();
    }

    /// <summary>A whole file; the rows use each filter in turn, and the compressed data is split into two chunks.</summary>
    /// <param name="samples">By row, column and channel.</param>
    public static byte[] Write(int[,,] samples, int depth, int color, bool interlaced, byte[]? palette = null, byte[]? transparency = null)
    {
        int height = samples.GetLength(0), width = samples.GetLength(1), channels = samples.GetLength(2);
        var filtered = new List<byte>();
        for (int pass = interlaced ? 1 : 0; pass <= (interlaced ? 7 : 0); pass++)
        {
            byte[]? above = null;
            for (int y = 0; y < height; y++)
            {
                var bits = new StringBuilder();
                for (int x = 0; x < width; x++)
                    if (!interlaced || _adam7[y % 8][x % 8] - '0' == pass)
                        for (int c = 0; c < channels; c++)
                            bits.Append(Convert.ToString(samples[y, x, c], 2).PadLeft(depth, '0'));
                if (bits.Length == 0)
                    continue;
                var row = Pack(bits.ToString());
                Filter(filtered, y % 5, row, above ?? new byte[row.Length], Math.Max(1, channels * depth / 8));
                above = row;
            }
        }
        var compressed = Compress([.. filtered]);
        var writer = new PngWriter().Header(width, height, depth, color, interlaced).Chunk("tEXt", "Title\0test"u8.ToArray());
        if (palette is not null)
            writer.Chunk("PLTE", palette);
        if (transparency is not null)
            writer.Chunk("tRNS", transparency);
        return writer.Chunk("IDAT", compressed[..5]).Chunk("IDAT", compressed[5..]).Chunk("IEND").ToArray();
    }

    static byte[] Pack(string bits) =>
        [.. bits.Chunk(8).Select(chunk => Convert.ToByte(new string(chunk).PadRight(8, '0'), 2))];

    static void Filter(List<byte> output, int type, byte[] row, byte[] above, int pixel)
    {
        output.Add((byte)type);
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= pixel ? row[i - pixel] : 0, b = above[i], c = i >= pixel ? above[i - pixel] : 0;
            int nearest = new[] { a, b, c }.MinBy(candidate => Math.Abs(a + b - c - candidate));
            int prediction = type switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => nearest };
            output.Add((byte)(row[i] - prediction));
        }
    }

    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = crc % 2 == 1 ? crc / 2 ^ 0xEDB88320 : crc / 2;
        }
        return crc ^ 0xFFFFFFFF;
    }
}
