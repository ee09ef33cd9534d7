namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>A frame header (SOF): the size of the image and its components.</summary>
sealed class JpegFrame
{
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool Progressive { get; init; }
    public required JpegComponent[] Components { get; init; }
    public required int MaxH { get; init; }
    public required int MaxV { get; init; }

    /// <summary>Interleaved scans are made of units of MaxH × MaxV blocks: so many in a row, and so many rows.</summary>
    public required int UnitsWide { get; init; }
    public required int UnitsHigh { get; init; }

    /// <summary>Whether each component has some image data.</summary>
    public bool IsShown => Array.TrueForAll(Components, component => component.Quantization is not null);

    /// <summary>Whether no further scan can add anything.</summary>
    public bool IsComplete => IsShown && (!Progressive || Array.TrueForAll(Components, component => component.LowestBits.AsSpan().ContainsAnyExcept((sbyte)0) is false));

    /// <summary>Reads no more than the size.</summary>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> segment)
    {
        var reader = new ByteReader(segment, "JPEG") { Position = 1 };
        int height = reader.U16BigEndian();
        return (reader.U16BigEndian(), height);
    }

    public static JpegFrame Read(ReadOnlySpan<byte> segment, bool progressive, int contentLength)
    {
        var reader = new ByteReader(segment, "JPEG");
        int precision = reader.U8();
        if (precision != 8)
            throw new ImageException($"JPEG: expected samples of 8 bits, found {precision}.");
        int height = reader.U16BigEndian(), width = reader.U16BigEndian(), count = reader.U8();
        // A block of 64 samples takes at least one bit.
        ImageLimits.CheckSize("JPEG", width, height, 64 * 16 * 8L * contentLength);
        if (count is not (1 or 3 or 4))
            throw new ImageException($"JPEG: expected 1, 3 or 4 components, found {count}.");

        var headers = new Header[count];
        int maxH = 1, maxV = 1;
        for (int i = 0; i < count; i++)
        {
            byte id = reader.U8(), sampling = reader.U8(), table = reader.U8();
            int h = sampling >> 4, v = sampling & 15;
            if (h is < 1 or > 4 || v is < 1 or > 4)
                throw new ImageException($"JPEG: expected sampling factors from 1 to 4, found {h}×{v}.");
            if (table > 3)
                throw new ImageException($"JPEG: expected a quantization table from 0 to 3, found {table}.");
            headers[i] = new(id, h, v, table);
            (maxH, maxV) = (Math.Max(maxH, h), Math.Max(maxV, v));
        }

        int unitsWide = DivideUp(width, 8 * maxH), unitsHigh = DivideUp(height, 8 * maxV);
        long blocks = headers.Sum(c => (long)c.H * c.V) * unitsWide * unitsHigh;
        if (blocks > 8L * contentLength)
            throw new ImageException($"JPEG: {width}×{height} pixels are declared, but {contentLength} bytes cannot hold their {blocks} blocks.");
        ImageLimits.CheckMemory("JPEG", width, height, 64 * blocks * (progressive ? 1 + sizeof(short) : 1));
        return new JpegFrame
        {
            Width = width,
            Height = height,
            Progressive = progressive,
            MaxH = maxH,
            MaxV = maxV,
            UnitsWide = unitsWide,
            UnitsHigh = unitsHigh,
            Components = [.. headers.Select(c => new JpegComponent
            {
                Id = c.Id, H = c.H, V = c.V, QuantizationSlot = c.Table,
                Width = DivideUp(width * c.H, maxH), Height = DivideUp(height * c.V, maxV),
                Stride = 8 * c.H * unitsWide,
                Samples = new byte[64L * c.H * c.V * unitsWide * unitsHigh],
                Coefficients = progressive ? new short[64L * c.H * c.V * unitsWide * unitsHigh] : [],
            })],
        };
    }

    /// <summary>Makes the samples complete once all scans are read.</summary>
    public void Finish()
    {
        foreach (var component in Components)
        {
            if (component.Quantization is null)
                throw new ImageException($"JPEG: expected image data for component {component.Id}, found none.");
        }
        if (!Progressive)
            return;
        bool smooth = InterblockSmoothing.IsUseful(Components);
        foreach (var component in Components)
        {
            if (smooth)
                InterblockSmoothing.Transform(component);
            else
                component.TransformAll();
        }
    }

    /// <summary>The properties of a component in the frame.</summary>
    sealed record Header(byte Id, int H, int V, byte Table);

    static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
