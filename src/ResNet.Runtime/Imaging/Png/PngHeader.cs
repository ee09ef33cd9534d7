namespace ResNet.Runtime.Imaging.Png;

enum PngColor
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}

/// <summary>PNG's IHDR chunk.</summary>
sealed record PngHeader(uint Width, uint Height, int Depth, PngColor Color, bool Interlaced)
{
    public int Channels => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GreyAlpha => 2,
        PngColor.RgbAlpha => 4,
        _ => 1,
    };

    public int BitsPerPixel => Channels * Depth;

    public static PngHeader Read(ReadOnlySpan<byte> chunk)
    {
        var reader = new ByteReader(chunk, "PNG");
        uint width = reader.U32BigEndian(), height = reader.U32BigEndian();
        int depth = reader.U8(), color = reader.U8(), compression = reader.U8(), filter = reader.U8(), interlace = reader.U8();
        bool valid = (PngColor)color switch
        {
            PngColor.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => depth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GreyAlpha or PngColor.RgbAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!valid)
            throw new ImageException($"PNG: expected a color type with one of its bit depths, found type {color} with {depth} bits.");
        if (compression != 0 || filter != 0 || interlace > 1)
            throw new ImageException($"PNG: expected compression 0, filter 0 and interlace 0 or 1, found {compression}, {filter} and {interlace}.");
        return new PngHeader(width, height, depth, (PngColor)color, interlace == 1);
    }
}
