namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>A progressive scan of the mean of each block, or of one more bit of it (T.81, G.1.2.1).</summary>
sealed class ProgressiveDcScan(JpegScanHeader header) : JpegScan
{
    readonly int[] _predictions = new int[header.Parts.Length];

    protected override void Reset() => Array.Clear(_predictions);

    protected override void DecodeBlock(ref BitReader bits, int part, int column, int row)
    {
        var (component, dc, _) = header.Parts[part];
        ref short coefficient = ref component.Block(column, row)[0];
        if (header.Refines)
        {
            if (bits.ReadBit())
                coefficient |= (short)(1 << header.LowBit);
            return;
        }
        _predictions[part] += bits.ReadSigned(bits.ReadSymbol(dc!));
        coefficient = (short)(_predictions[part] << header.LowBit);
    }
}
