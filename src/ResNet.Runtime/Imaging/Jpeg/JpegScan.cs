namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>Walks the blocks of a scan in the order of the file, with its restarts.</summary>
abstract class JpegScan
{
    /// <summary>The data up to the next restart have come to their end too early.</summary>
    bool _isLost;

    /// <summary>Decodes one block of the component that is the scan's <paramref name="part"/>th.</summary>
    protected abstract void DecodeBlock(ref BitReader bits, int part, int column, int row);

    /// <summary>Forgets what is carried from block to block.</summary>
    protected abstract void Reset();

    /// <summary>Fills in for a block whose data were lost: libjpeg's pixels are gray, and what earlier scans have sent stays.</summary>
    protected virtual void LeaveOut(int part, int column, int row)
    {
    }

    public static void Decode(ref BitReader bits, JpegFrame frame, JpegScanHeader header, int restartInterval)
    {
        JpegScan scan = !frame.Progressive ? new SequentialScan(header)
            : header.First == 0 ? new ProgressiveDcScan(header)
            : new ProgressiveAcScan(header);
        scan.Walk(ref bits, frame, header.Parts, restartInterval);
    }

    void Walk(ref BitReader bits, JpegFrame frame, JpegScanPart[] parts, int restartInterval)
    {
        // A component alone is coded without padding to whole units (T.81, A.2.2).
        var single = parts.Length == 1 ? parts[0].Component : null;
        int wide = single?.BlocksWide ?? frame.UnitsWide, high = single?.BlocksHigh ?? frame.UnitsHigh;
        int untilRestart = restartInterval, restarts = 0, lost = 0;
        for (int y = 0; y < high; y++)
        {
            for (int x = 0; x < wide; x++)
            {
                if (restartInterval > 0 && untilRestart-- == 0)
                {
                    // If the marker is lost, so are the data, unless the rest of the last ones has not been looked for yet.
                    if (bits.TryRestart(restarts++ & 7))
                        _isLost = false;
                    else if (_isLost)
                        lost++;
                    Reset();
                    untilRestart = restartInterval - 1;
                }
                if (single is null)
                    DecodeUnit(ref bits, parts, x, y);
                else
                    Decode(ref bits, 0, x, y);
                if (!_isLost && bits.IsOverrun())
                {
                    _isLost = true;
                    lost++;
                }
            }
        }
        // A picture that has lost most of its data is refused.
        if (4 * lost > 3 * (restarts + 1))
            throw new ImageException($"JPEG: expected {restarts + 1} runs of image data between restart markers, found {restarts + 1 - lost} that are whole.");
    }

    void DecodeUnit(ref BitReader bits, JpegScanPart[] parts, int x, int y)
    {
        for (int part = 0; part < parts.Length; part++)
        {
            int h = parts[part].Component.H, v = parts[part].Component.V;
            for (int row = 0; row < v; row++)
                for (int column = 0; column < h; column++)
                    Decode(ref bits, part, x * h + column, y * v + row);
        }
    }

    void Decode(ref BitReader bits, int part, int column, int row)
    {
        if (_isLost)
            LeaveOut(part, column, row);
        else
            DecodeBlock(ref bits, part, column, row);
    }
}
