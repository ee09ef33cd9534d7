using System.IO.Compression;

namespace ResNet.Runtime.Imaging.Png;

/// <summary>
/// PNG (ISO/IEC 15948): all color types, bit depths and interlacing. Of 16 bits the upper 8 are kept; transparency,
/// gamma and other ancillary chunks are ignored, and so is their damage. The file may end where its pixels are complete.
/// </summary>
sealed class PngDecoder : IImageDecoder
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Deflate never compresses better (258 bytes in 2 bits).</summary>
    const int MaxCompression = 1032;

    /// <summary>Adam7: the first column and row of each pass, and the steps to the next.</summary>
    static readonly (int X, int Y, int StepX, int StepY)[] _adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public string Name => "PNG";

    public IReadOnlyList<string> Extensions { get; } = [".png"];

    public bool Recognizes(ReadOnlySpan<byte> content) => content.StartsWith(Signature);

    public ImageInfo Identify(ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(content, "PNG") { Position = Signature.Length };
        if (!PngChunk.TryRead(ref reader, out var chunk) || !chunk.Is("IHDR"u8))
            throw new ImageException("PNG: expected the chunk IHDR first, found another or the end of the file.");
        var header = PngHeader.Read(chunk.Whole());
        return ImageLimits.Info("PNG", header.Width, header.Height);
    }

    public Image Decode(ReadOnlySpan<byte> content)
    {
        PngHeader? header = null;
        byte[] palette = [];
        using var data = new MemoryStream();
        var reader = new ByteReader(content, "PNG") { Position = Signature.Length };
        while (PngChunk.TryRead(ref reader, out var chunk))
        {
            if (header is null && !chunk.Is("IHDR"u8))
                throw new ImageException($"PNG: expected the chunk IHDR first, found {chunk.Name}.");
            if (chunk.Is("IHDR"u8))
                header = PngHeader.Read(chunk.Whole());
            else if (chunk.Is("PLTE"u8))
                palette = chunk.Whole().ToArray();
            else if (chunk.Is("IDAT"u8))
                data.Write(chunk.IsCut ? chunk.Data : chunk.Whole());
            else if (chunk.Is("IEND"u8))
            {
                if (!chunk.IsCut)
                    chunk.Whole();
                break;
            }
            else if (chunk.IsCritical && !chunk.IsCut)
            {
                throw new ImageException($"PNG: expected chunks of the standard, found the critical chunk {chunk.Name}.");
            }
        }
        if (header is null)
            throw new ImageException("PNG: expected the chunk IHDR, found the end of the file.");

        ImageLimits.CheckSize("PNG", header.Width, header.Height, data.Length * MaxCompression * 8 / header.BitsPerPixel);
        data.Position = 0;
        return ReadRows(header, new PngRowConverter(header, palette), data);
    }

    static Image ReadRows(PngHeader header, PngRowConverter converter, MemoryStream compressed)
    {
        using var data = new ZLibStream(compressed, CompressionMode.Decompress);
        int width = (int)header.Width, height = (int)header.Height;
        var pixels = new byte[3L * width * height];
        int pass = 0;
        foreach (var (firstX, firstY, stepX, stepY) in header.Interlaced ? _adam7 : [(0, 0, 1, 1)])
        {
            int columns = (width - firstX + stepX - 1) / stepX;
            pass++;
            if (columns <= 0)
                continue;
            // Each row is led by the number of its filter.
            var row = new byte[1 + ((long)columns * header.BitsPerPixel + 7) / 8];
            var previous = new byte[row.Length];
            for (int y = firstY; y < height; y += stepY)
            {
                try
                {
                    data.ReadExactly(row);
                }
                // zlib itself refuses some data, such as those that need a dictionary, by an IOException.
                catch (Exception e) when (e is InvalidDataException or IOException)
                {
                    throw new ImageException($"PNG: expected compressed data for {width}×{height} pixels, found damaged or too little data: " +
                        $"the rows from {y} on are missing{(header.Interlaced ? $" in pass {pass} of 7" : "")}.", e);
                }
                PngFilter.Undo(row[0], row.AsSpan(1), previous.AsSpan(1), Math.Max(1, header.BitsPerPixel / 8));
                converter.Convert(row.AsSpan(1), columns, pixels.AsSpan(3 * (y * width + firstX)), 3 * stepX);
                (row, previous) = (previous, row);
            }
        }
        return new Image(width, height, pixels);
    }
}
