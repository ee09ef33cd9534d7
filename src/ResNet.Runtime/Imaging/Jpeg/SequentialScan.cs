namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>A scan that holds its blocks whole (T.81, F.2).</summary>
sealed class SequentialScan(JpegScanHeader header) : JpegScan
{
    readonly int[] _predictions = new int[header.Parts.Length];
    readonly short[] _block = new short[64];

    protected override void Reset() => Array.Clear(_predictions);

    protected override void DecodeBlock(ref BitReader bits, int part, int column, int row)
    {
        var (component, dc, ac) = header.Parts[part];
        var block = _block.AsSpan();
        block.Clear();
        _predictions[part] += bits.ReadSigned(bits.ReadSymbol(dc!));
        block[0] = (short)_predictions[part];
        for (int k = 1; k < 64; k++)
        {
            int entry = bits.ReadCoefficient(ac!), value = entry >> 16;
            if (entry != 0)
            {
                k += entry >> 8 & 255;
            }
            else
            {
                int symbol = bits.ReadSymbol(ac!), run = symbol >> 4, size = symbol & 15;
                if (size == 0)
                {
                    if (run != 15)
                        break;
                    k += 15;
                    continue;
                }
                k += run;
                value = bits.ReadSigned(size);
            }
            if (k > 63 && !bits.IsTolerant)
                throw new ImageException("JPEG: expected at most 64 coefficients in a block, found more.");
            block[ZigZag.Order[Math.Min(k, 63)]] = (short)value;
        }
        component.Transform(block, column, row);
    }

    protected override void LeaveOut(int part, int column, int row)
    {
        _block.AsSpan().Clear();
        header.Parts[part].Component.Transform(_block, column, row);
    }
}
