namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>
/// Estimates low frequencies that no scan of a progressive file has sent from the means of the block and of those around it, so that
/// an unfinished picture is smooth rather than made of squares (T.81, K.8). The window of 5 × 5 blocks, its edges, the weights and the
/// rounding are those of libjpeg-turbo 2.1, because pixels are to be the same.
/// </summary>
static class InterblockSmoothing
{
    const int Side = 5, Window = Side * Side;

    /// <summary>
    /// Where the means alone are known: for each of the first ten coefficients in zigzag order, the weight of each block's mean, times 256.
    /// </summary>
    static readonly short[][] _fromMeans =
    [
        [-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2],
        [-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1],
        [-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1],
        [0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0],
        [-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1],
        [0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0],
    ];

    /// <summary>The weights for the coefficients 1 to 5 if other coefficients are known. The mean does not change.</summary>
    static readonly short[][] _besideOthers =
    [
        [],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, -7, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 7, 0, 0],
        [0, 0, -1, 0, 0, 0, 0, 13, 0, 0, 0, 0, -24, 0, 0, 0, 0, 13, 0, 0, 0, 0, -1, 0, 0],
        [0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];

    /// <summary>Whether all means are known and a low frequency is not, or not to its last bit.</summary>
    public static bool IsUseful(JpegComponent[] components)
    {
        int count = _fromMeans.Length;
        foreach (var component in components)
        {
            if (component.LowestBits[0] < 0)
                return false;
            for (int k = 0; k < count; k++)
                if (component.Quantization![ZigZag.Order[k]] == 0)
                    return false;
        }
        return Array.Exists(components, component => component.LowestBits.AsSpan(1, count - 1).ContainsAnyExcept((sbyte)0));
    }

    /// <summary>Turns a component's coefficients, with the estimates, into its samples.</summary>
    public static void Transform(JpegComponent component)
    {
        bool onlyMeans = !component.LowestBits.AsSpan(1, _fromMeans.Length - 1).ContainsAnyExcept((sbyte)-1);
        var weights = onlyMeans ? _fromMeans : _besideOthers;
        Span<int> means = stackalloc int[Window];
        Span<short> block = stackalloc short[64];
        for (int row = 0; row < component.BlocksHigh; row++)
        {
            for (int column = 0; column < component.BlocksWide; column++)
            {
                ReadMeans(component, column, row, means);
                component.Block(column, row).CopyTo(block);
                for (int k = 0; k < weights.Length; k++)
                {
                    ref short coefficient = ref block[ZigZag.Order[k]];
                    int lowestBit = component.LowestBits[k];
                    if (weights[k].Length > 0 && (k == 0 || lowestBit != 0 && coefficient == 0))
                        coefficient = Estimate(component.Quantization!, k, weights[k], means, k == 0 ? -1 : lowestBit);
                }
                component.Transform(block, column, row);
            }
        }
    }

    static void ReadMeans(JpegComponent component, int column, int row, Span<int> means)
    {
        // An edge's blocks stand for those beyond it. libjpeg-turbo finds further edges: it looks two rows up only from the third row of
        // units on, or within a unit, and two rows down likewise; and next to two columns it takes the first for those beyond the second.
        int last = component.BlocksHigh - 1, unit = row / component.V, inUnit = row % component.V, lastUnit = last / component.V;
        int rowsInUnit = unit < lastUnit ? component.V : last % component.V + 1;
        int above = Math.Max(row - 1, 0), below = Math.Min(row + 1, last);
        ReadOnlySpan<int> rows =
        [
            inUnit > 1 || unit > 1 ? row - 2 : above, above, row, below,
            inUnit < rowsInUnit - 2 || unit + 1 < lastUnit ? row + 2 : below,
        ];
        int beyond = component.BlocksWide == 2 ? 0 : component.BlocksWide - 1;
        for (int i = 0; i < Window; i++)
        {
            int x = Math.Max(column + i % Side - Side / 2, 0);
            means[i] = component.Block(x < component.BlocksWide ? x : beyond, rows[i / Side])[0];
        }
    }

    /// <summary>The weighted sum of the means, in steps of the coefficient's quantization; less than the lowest bit that was sent, if one was.</summary>
    static short Estimate(int[] quantization, int k, short[] weights, Span<int> means, int lowestBit)
    {
        int sum = 0;
        for (int i = 0; i < Window; i++)
            sum += weights[i] * means[i];
        long scaled = (long)quantization[0] * sum, step = quantization[ZigZag.Order[k]];
        int size = (int)(((step << 7) + Math.Abs(scaled)) / (step << 8));
        if (lowestBit > 0)
            size = Math.Min(size, (1 << lowestBit) - 1);
        return (short)(scaled < 0 ? -size : size);
    }
}
