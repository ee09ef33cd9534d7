namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>A progressive scan of a band of coefficients of one component, or of one more bit of them (T.81, G.1.2.2 and G.1.2.3).</summary>
sealed class ProgressiveAcScan(JpegScanHeader header) : JpegScan
{
    readonly JpegComponent _component = header.Parts[0].Component;
    readonly HuffmanTable _table = header.Parts[0].Ac!;

    /// <summary>So many blocks, from the next on, have no new coefficient in the band.</summary>
    int _endOfBandRun;

    protected override void Reset() => _endOfBandRun = 0;

    protected override void DecodeBlock(ref BitReader bits, int part, int column, int row)
    {
        if (header.Refines)
            Refine(ref bits, _component.Block(column, row));
        else if (_endOfBandRun > 0)
            _endOfBandRun--;
        else
            DecodeFirst(ref bits, _component.Block(column, row));
    }

    void DecodeFirst(ref BitReader bits, Span<short> block)
    {
        for (int k = header.First; k <= header.Last; k++)
        {
            int symbol = bits.ReadSymbol(_table), run = symbol >> 4, size = symbol & 15;
            if (size != 0)
            {
                k += run;
                int value = bits.ReadSigned(size);
                if (k > header.Last && !bits.IsTolerant)
                    throw new ImageException("JPEG: expected coefficients within the scan's band, found one beyond.");
                block[ZigZag.Order[Math.Min(k, 63)]] = (short)(value << header.LowBit);
            }
            else if (run == 15)
            {
                k += 15;
            }
            else
            {
                _endOfBandRun = (1 << run) - 1 + bits.ReadBits(run);
                break;
            }
        }
    }

    void Refine(ref BitReader bits, Span<short> block)
    {
        int k = header.First;
        while (k <= header.Last && _endOfBandRun == 0)
        {
            int symbol = bits.ReadSymbol(_table), run = symbol >> 4, size = symbol & 15, fresh = 0;
            if (size != 0)
                fresh = bits.ReadBit() ? 1 << header.LowBit : -1 << header.LowBit;
            else if (run < 15)
            {
                _endOfBandRun = (1 << run) + bits.ReadBits(run);
                break;
            }
            k = RefineUntilZero(ref bits, block, k, run);
            if (fresh != 0 && (k <= header.Last || bits.IsTolerant))
                block[ZigZag.Order[Math.Min(k, 63)]] = (short)fresh;
            k++;
        }
        if (_endOfBandRun > 0)
        {
            // Most blocks have nothing to refine.
            if (block[1..].ContainsAnyExcept((short)0))
                RefineUntilZero(ref bits, block, k, run: 64);
            _endOfBandRun--;
        }
    }

    /// <summary>Adds a bit to each nonzero coefficient on the way past <paramref name="run"/> zeros to the zero after them.</summary>
    int RefineUntilZero(ref BitReader bits, Span<short> block, int k, int run)
    {
        int bit = 1 << header.LowBit;
        for (; k <= header.Last; k++)
        {
            ref short coefficient = ref block[ZigZag.Order[k]];
            if (coefficient == 0)
            {
                if (run-- == 0)
                    break;
            }
            else if (bits.ReadBit() && (coefficient & bit) == 0)
            {
                coefficient += (short)(coefficient > 0 ? bit : -bit);
            }
        }
        return k;
    }
}
