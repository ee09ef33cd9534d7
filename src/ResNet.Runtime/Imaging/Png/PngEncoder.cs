using System.Buffers.Binary;
using System.IO.Compression;

namespace ResNet.Runtime.Imaging.Png;

/// <summary>Writes 8 bit RGB PNG.</summary>
static class PngEncoder
{
    public static void Encode(Image image, Stream stream)
    {
        stream.Write(PngDecoder.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)PngColor.Rgb;
        header[10..].Clear();
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(image));
        WriteChunk(stream, "IEND"u8, []);
    }

    static ReadOnlySpan<byte> Compress(Image image)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            // Paeth's prediction is the best single choice for photographs.
            const int pixel = 3;
            ReadOnlySpan<byte> above = new byte[3 * image.Width];
            var filtered = new byte[1 + above.Length];
            filtered[0] = PngFilter.PaethType;
            for (int y = 0; y < image.Height; y++)
            {
                var row = image.Row(y);
                for (int i = 0; i < row.Length; i++)
                    filtered[1 + i] = (byte)(row[i] - (i < pixel ? above[i] : PngFilter.Paeth(row[i - pixel], above[i], above[i - pixel])));
                zlib.Write(filtered);
                above = row;
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[4 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Compute(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }
}
