namespace ResNet.Runtime.Imaging.Png;

/// <summary>PNG's predictions of a byte from those to its left, above, and above to the left (ISO/IEC 15948, 9).</summary>
static class PngFilter
{
    public const byte PaethType = 4;

    /// <summary>Replaces differences by the bytes themselves.</summary>
    /// <param name="type">The filter's number.</param>
    /// <param name="row">The row's differences.</param>
    /// <param name="above">The row above; zeros above the first.</param>
    /// <param name="pixel">The bytes per pixel, at least 1.</param>
    public static void Undo(byte type, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        // A row holds at least one pixel; to the left of it are zeros.
        switch (type)
        {
            case 0:
                break;
            case 1:
                for (int i = pixel; i < row.Length; i++)
                    row[i] += row[i - pixel];
                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < pixel; i++)
                    row[i] += (byte)(above[i] / 2);
                for (int i = pixel; i < row.Length; i++)
                    row[i] += (byte)((row[i - pixel] + above[i]) / 2);
                break;
            case PaethType:
                for (int i = 0; i < pixel; i++)
                    row[i] += above[i];
                for (int i = pixel; i < row.Length; i++)
                    row[i] += Paeth(row[i - pixel], above[i], above[i - pixel]);
                break;
            default:
                throw new ImageException($"PNG: expected a filter from 0 to 4, found {type}.");
        }
    }

    /// <summary>Of left, above and above left, the one nearest to left + above − above left.</summary>
    public static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft), toAbove = Math.Abs(left - aboveLeft), toAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
