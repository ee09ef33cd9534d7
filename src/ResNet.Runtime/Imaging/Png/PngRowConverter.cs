namespace ResNet.Runtime.Imaging.Png;

/// <summary>Makes RGB pixels of a row of samples of any PNG color type and depth.</summary>
sealed class PngRowConverter
{
    readonly PngHeader _header;

    /// <summary>RGB by sample, for palettes and for gray of up to 8 bits.</summary>
    readonly byte[] _palette;

    public PngRowConverter(PngHeader header, byte[] palette)
    {
        _header = header;
        if (header.Color == PngColor.Palette && (palette.Length is 0 or > 3 * 256 || palette.Length % 3 != 0))
            throw new ImageException($"PNG: expected a palette of 3 to 768 bytes, found {palette.Length}.");
        _palette = header is { Color: PngColor.Grey, Depth: <= 8 } ? GreyRamp(header.Depth) : palette;
    }

    /// <summary>Writes so many pixels, <paramref name="step"/> bytes from one to the next.</summary>
    public void Convert(ReadOnlySpan<byte> row, int columns, Span<byte> target, int step)
    {
        if (_header.Color is PngColor.Palette || _header is { Color: PngColor.Grey, Depth: <= 8 })
            ConvertIndexed(row, columns, target, step);
        else
            ConvertDirect(row, columns, target, step);
    }

    void ConvertIndexed(ReadOnlySpan<byte> row, int columns, Span<byte> target, int step)
    {
        int depth = _header.Depth, mask = (1 << depth) - 1, perByte = 8 / depth;
        for (int x = 0; x < columns; x++)
        {
            // The leftmost pixel is in the highest bits.
            int index = row[x / perByte] >> (8 - depth - x % perByte * depth) & mask;
            if (3 * index >= _palette.Length)
                throw new ImageException($"PNG: expected colors of the palette's {_palette.Length / 3}, found number {index}.");
            _palette.AsSpan(3 * index, 3).CopyTo(target[(x * step)..]);
        }
    }

    void ConvertDirect(ReadOnlySpan<byte> row, int columns, Span<byte> target, int step)
    {
        int bytes = _header.Depth / 8, pixel = _header.Channels * bytes;
        // Gray is red, green and blue at once.
        int channel = _header.Channels >= 3 ? bytes : 0;
        for (int x = 0, from = 0, to = 0; x < columns; x++, from += pixel, to += step)
        {
            target[to] = row[from];
            target[to + 1] = row[from + channel];
            target[to + 2] = row[from + 2 * channel];
        }
    }

    static byte[] GreyRamp(int depth)
    {
        int max = (1 << depth) - 1;
        var ramp = new byte[3 * (max + 1)];
        for (int value = 0; value <= max; value++)
            ramp.AsSpan(3 * value, 3).Fill((byte)(value * 255 / max));
        return ramp;
    }
}
