namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>One color plane of a frame, at its own resolution.</summary>
sealed class JpegComponent
{
    public required byte Id { get; init; }

    /// <summary>Horizontal sampling factor: blocks per unit of an interleaved scan.</summary>
    public required int H { get; init; }

    /// <summary>Vertical sampling factor.</summary>
    public required int V { get; init; }

    public required int QuantizationSlot { get; init; }

    /// <summary>Samples in a row that belong to the image; the plane is padded to whole units.</summary>
    public required int Width { get; init; }

    /// <summary>Rows that belong to the image.</summary>
    public required int Height { get; init; }

    /// <summary>Samples from one row of <see cref="Samples"/> to the next.</summary>
    public required int Stride { get; init; }

    public required byte[] Samples { get; init; }

    /// <summary>Progressive frames only: 64 per block, block after block, built up by the scans.</summary>
    public required short[] Coefficients { get; init; }

    /// <summary>The quantization steps, row by row; those in force at the component's first scan hold for all.</summary>
    public int[]? Quantization { get; private set; }

    /// <summary>
    /// Progressive frames only: by coefficient, in zigzag order, the lowest bit that the scans so far have sent; 0 where it is complete, -1
    /// where there was none.
    /// </summary>
    public sbyte[] LowestBits { get; } = CreateLowestBits();

    public int BlocksWide => (Width + 7) / 8;

    public int BlocksHigh => (Height + 7) / 8;

    public void LatchQuantization(int[]?[] tables) =>
        Quantization ??= tables[QuantizationSlot]
            ?? throw new ImageException($"JPEG: expected quantization table {QuantizationSlot} before the image data, found none.");

    /// <summary>Keeps what is known now that a scan was read.</summary>
    public void Note(JpegScanHeader scan) => LowestBits.AsSpan(scan.First, scan.Last - scan.First + 1).Fill((sbyte)scan.LowBit);

    public Span<short> Block(int column, int row) =>
        Coefficients.AsSpan((row * (Stride / 8) + column) * 64, 64);

    /// <summary>Turns a block's coefficients into its samples.</summary>
    public void Transform(ReadOnlySpan<short> block, int column, int row) =>
        InverseDct.Transform(block, Quantization, Samples.AsSpan(row * 8 * Stride + column * 8), Stride);

    public void TransformAll()
    {
        for (int row = 0; row < BlocksHigh; row++)
            for (int column = 0; column < BlocksWide; column++)
                Transform(Block(column, row), column, row);
    }

    public ReadOnlySpan<byte> Row(int y) => Samples.AsSpan(y * Stride, Width);

    static sbyte[] CreateLowestBits()
    {
        var bits = new sbyte[64];
        Array.Fill(bits, (sbyte)-1);
        return bits;
    }
}
