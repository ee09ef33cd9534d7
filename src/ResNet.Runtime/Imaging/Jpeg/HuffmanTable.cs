namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>A Huffman code of JPEG, as tables to decode it with.</summary>
sealed class HuffmanTable
{
    /// <summary>Codes up to this length, nearly all that occur, are decoded by one look-up.</summary>
    public const int LookupBits = 9;

    /// <summary>By the next <see cref="LookupBits"/> bits: length · 256 + symbol, or 0 where the code is longer.</summary>
    readonly ushort[] _lookup = new ushort[1 << LookupBits];

    /// <summary>
    /// By the next <see cref="LookupBits"/> bits: value · 65536 + run · 256 + length of an AC code and its value together, where both are whole;
    /// else 0. Empty for DC codes.
    /// </summary>
    readonly int[] _coefficients;

    /// <summary>By length: the first number that is too large for a code of that length, both as 16 bits from the left.</summary>
    readonly int[] _limit = new int[17];

    /// <summary>By length: what to add to a code for the index of its symbol.</summary>
    readonly int[] _offset = new int[17];

    readonly byte[] _symbols;

    /// <param name="counts">The number of codes of each length from 1 to 16.</param>
    /// <param name="symbols">The symbols in order of their codes.</param>
    /// <param name="isDc">The symbols are numbers of bits of a DC difference, at most 15.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols, bool isDc)
    {
        if (symbols.Length > 256)
            throw new ImageException($"JPEG: expected at most 256 Huffman codes, found {symbols.Length}.");
        if (isDc && symbols.ContainsAnyExceptInRange((byte)0, (byte)15))
            throw new ImageException("JPEG: expected DC symbols from 0 to 15, found a larger one.");

        _symbols = symbols.ToArray();
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            _offset[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >= 1 << length)
                    throw new ImageException($"JPEG: expected a prefix code, found more Huffman codes of {length} bits than there can be.");
                if (length <= LookupBits)
                    _lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)(length << 8 | symbols[index]));
            }
            _limit[length] = code << (16 - length);
        }
        _coefficients = isDc ? [] : Array.ConvertAll(Enumerable.Range(0, _lookup.Length).ToArray(), CoefficientOf);
    }

    public int Lookup(int bits) => _lookup[bits];

    /// <summary>A short AC code with its value: value · 65536 + run · 256 + length, or 0 where they take more bits.</summary>
    public int LookupCoefficient(int bits) => _coefficients[bits];

    int CoefficientOf(int bits)
    {
        int length = _lookup[bits] >> 8, run = _lookup[bits] >> 4 & 15, size = _lookup[bits] & 15;
        if (size == 0 || length + size > LookupBits)
            return 0;
        int value = bits >> (LookupBits - length - size) & ((1 << size) - 1);
        // Values that begin with 0 are negative (T.81, F.2.2.1).
        if (value >> (size - 1) == 0)
            value -= (1 << size) - 1;
        return value * 65536 + run * 256 + length + size;
    }

    /// <summary>Decodes a code of more than <see cref="LookupBits"/> bits: length · 256 + symbol, or 0 where the bits are no code.</summary>
    /// <param name="bits">The next 16 bits.</param>
    public int DecodeLong(int bits)
    {
        for (int length = LookupBits + 1; length <= 16; length++)
            if (bits < _limit[length])
                return length << 8 | _symbols[(bits >> (16 - length)) + _offset[length]];
        return 0;
    }
}
