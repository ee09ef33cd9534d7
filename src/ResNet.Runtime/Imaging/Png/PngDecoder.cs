using System.IO.Compression;

namespace ResNet.Runtime.Imaging.Png;

/// <summary>
/// PNG (ISO/IEC 15948): all colour types, bit depths and interlacing. Of 16 bits the upper 8 are kept; transparency,
/// gamma and other ancillary chunks are ignored.
/// </summary>
static class PngDecoder
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Deflate never compresses better (258 bytes in 2 bits).</summary>
    const int MaxCompression = 1032;

    /// <summary>Adam7: the first column and row of each pass, and the steps to the next.</summary>
    static readonly (int X, int Y, int StepX, int StepY)[] _adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static Image Decode(ReadOnlySpan<byte> content)
    {
        PngHeader? header = null;
        byte[] palette = [];
        using var data = new MemoryStream();
        var reader = new ByteReader(content, "PNG") { Position = Signature.Length };
        for (bool ended = false; !ended;)
        {
            uint length = reader.U32BigEndian();
            if (length > reader.Remaining)
                throw new ImageException($"PNG: expected a chunk of {length} bytes at offset {reader.Position}, found the end of the file.");
            var typeAndChunk = reader.Take(4 + (int)length);
            uint expected = reader.U32BigEndian(), found = Crc32.Compute(typeAndChunk);
            if (found != expected)
                throw new ImageException($"PNG: expected checksum {expected:X8} at offset {reader.Position - 4}, found {found:X8}.");

            var type = typeAndChunk[..4];
            var chunk = typeAndChunk[4..];
            if (header is null && !type.SequenceEqual("IHDR"u8))
                throw new ImageException($"PNG: expected the chunk IHDR first, found {Name(type)}.");
            if (type.SequenceEqual("IHDR"u8))
                header = PngHeader.Read(chunk);
            else if (type.SequenceEqual("PLTE"u8))
                palette = chunk.ToArray();
            else if (type.SequenceEqual("IDAT"u8))
                data.Write(chunk);
            else if (type.SequenceEqual("IEND"u8))
                ended = true;
            else if ((type[0] & 0x20) == 0)
                throw new ImageException($"PNG: expected chunks of the standard, found the critical chunk {Name(type)}.");
        }

        ImageLimits.CheckSize("PNG", header!.Width, header.Height, data.Length * MaxCompression * 8 / header.BitsPerPixel);
        data.Position = 0;
        try
        {
            return ReadRows(header, new PngRowConverter(header, palette), data);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ImageException($"PNG: expected compressed data for {header.Width}×{header.Height} pixels, found damaged or too little data.", e);
        }
    }

    static Image ReadRows(PngHeader header, PngRowConverter converter, MemoryStream compressed)
    {
        using var data = new ZLibStream(compressed, CompressionMode.Decompress);
        int width = (int)header.Width, height = (int)header.Height;
        var pixels = new byte[3L * width * height];
        foreach (var (firstX, firstY, stepX, stepY) in header.Interlaced ? _adam7 : [(0, 0, 1, 1)])
        {
            int columns = (width - firstX + stepX - 1) / stepX;
            if (columns <= 0)
                continue;
            // Each row is led by the number of its filter.
            var row = new byte[1 + ((long)columns * header.BitsPerPixel + 7) / 8];
            var previous = new byte[row.Length];
            for (int y = firstY; y < height; y += stepY)
            {
                data.ReadExactly(row);
                PngFilter.Undo(row[0], row.AsSpan(1), previous.AsSpan(1), Math.Max(1, header.BitsPerPixel / 8));
                converter.Convert(row.AsSpan(1), columns, pixels.AsSpan(3 * (y * width + firstX)), 3 * stepX);
                (row, previous) = (previous, row);
            }
        }
        return new Image(width, height, pixels);
    }

    static string Name(ReadOnlySpan<byte> type) =>
        type.ContainsAnyExceptInRange((byte)'A', (byte)'z') ? Convert.ToHexString(type) : System.Text.Encoding.ASCII.GetString(type);
}
