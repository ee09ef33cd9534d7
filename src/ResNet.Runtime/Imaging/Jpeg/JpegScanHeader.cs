namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>A component's part in a scan, with the tables that code it (null where the scan needs none).</summary>
sealed record JpegScanPart(JpegComponent Component, HuffmanTable? Dc, HuffmanTable? Ac);

/// <summary>A scan header (SOS): which components, which coefficients and which of their bits the scan holds.</summary>
sealed class JpegScanHeader
{
    public required JpegScanPart[] Parts { get; init; }

    /// <summary>First and last coefficient, in zigzag order.</summary>
    public required int First { get; init; }
    public required int Last { get; init; }

    /// <summary>The lowest bit that the scan holds.</summary>
    public required int LowBit { get; init; }

    /// <summary>Earlier scans have sent the bits above; this one adds a single bit.</summary>
    public required bool Refines { get; init; }

    public static JpegScanHeader Read(ReadOnlySpan<byte> segment, JpegFrame frame, HuffmanTable?[] dcTables, HuffmanTable?[] acTables)
    {
        var reader = new ByteReader(segment, "JPEG");
        int count = reader.U8();
        if (count < 1 || count > frame.Components.Length)
            throw new ImageException($"JPEG: expected a scan of 1 to {frame.Components.Length} components, found {count}.");
        var chosen = new (JpegComponent Component, int Tables)[count];
        for (int i = 0; i < count; i++)
        {
            byte id = reader.U8();
            var component = Array.Find(frame.Components, c => c.Id == id);
            if (component is null || chosen.Any(c => c.Component == component))
                throw new ImageException($"JPEG: expected each scan component to be one of the frame's, once; found {id}.");
            chosen[i] = (component, reader.U8());
        }
        int first = reader.U8(), last = reader.U8(), bits = reader.U8(), highBit = bits >> 4, lowBit = bits & 15;
        if (!frame.Progressive)
            (first, last, highBit, lowBit) = (0, 63, 0, 0);
        bool valid = first == 0
            ? !frame.Progressive || last == 0
            : count == 1 && last >= first && last < 64;
        if (!valid || lowBit > 13 || highBit != 0 && highBit != lowBit + 1)
            throw new ImageException($"JPEG: expected a valid progressive scan, found {count} components, coefficients {first} to {last}, bits {highBit} to {lowBit}.");

        bool needsDc = first == 0 && highBit == 0, needsAc = last > 0;
        return new JpegScanHeader
        {
            First = first,
            Last = last,
            LowBit = lowBit,
            Refines = highBit != 0,
            Parts = [.. chosen.Select(c => new JpegScanPart(c.Component,
                needsDc ? Find(dcTables, c.Tables >> 4) : null,
                needsAc ? Find(acTables, c.Tables & 15) : null))],
        };
    }

    static HuffmanTable Find(HuffmanTable?[] tables, int slot) =>
        (slot < tables.Length ? tables[slot] : null)
            ?? throw new ImageException($"JPEG: expected Huffman table {slot} before the scan that uses it, found none.");
}
