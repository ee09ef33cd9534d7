using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>Reads the entropy-coded bits of a JPEG scan, up to the next marker.</summary>
/// <param name="content">The file.</param>
/// <param name="position">The place of the scan's first byte.</param>
/// <param name="isTolerant">
/// Bits that are no Huffman code are taken for symbol 0: the scan has restart markers, after which damage ends, and libjpeg does so.
/// </param>
ref struct BitReader(ReadOnlySpan<byte> content, int position, bool isTolerant = false)
{
    /// <summary>The length, in bits, that is passed over for a code that is none, and symbol 0.</summary>
    const int NoCode = 17 << 8;

    readonly bool _isTolerant = isTolerant;
    readonly ReadOnlySpan<byte> _content = content;
    int _position = position;

    /// <summary>Unread bits, from the highest down; below them zeros.</summary>
    ulong _bits;
    int _count;

    /// <summary>The number of zeros in place of data after the last byte; reading them is an error, peeking is not.</summary>
    int _padding;

    /// <summary>The position of the unread bytes: a marker, once the bits before it are used up.</summary>
    public readonly int Position => _position;

    /// <summary>Decodes one symbol; <see cref="ReadBits"/> of up to 16 bits may follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSymbol(HuffmanTable table)
    {
        if (_count < 32)
            Fill();
        int entry = table.Lookup((int)(_bits >> (64 - HuffmanTable.LookupBits)));
        if (entry == 0)
            entry = DecodeLong(table);
        Skip(entry >> 8);
        return entry & 255;
    }

    /// <summary>Reads a short AC code with its value, as <see cref="HuffmanTable.LookupCoefficient"/> packs them; 0, and nothing is read, where they are longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadCoefficient(HuffmanTable table)
    {
        if (_count < 32)
            Fill();
        int entry = table.LookupCoefficient((int)(_bits >> (64 - HuffmanTable.LookupBits)));
        Skip(entry & 255);
        return entry;
    }

    /// <summary>Reads a number of <paramref name="count"/> bits, 0 to 16, that the symbol before announced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadBits(int count)
    {
        int value = (int)(_bits >> 1 >> (63 - count));
        Skip(count);
        return value;
    }

    /// <summary>Reads a signed number of <paramref name="count"/> bits (T.81, F.2.2.1): those that begin with 0 are negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSigned(int count)
    {
        int negative = (int)(~(long)_bits >> 63);
        return ReadBits(count) + (negative & (1 - (1 << count)));
    }

    /// <summary>Reads a single bit, without an announcing symbol.</summary>
    public bool ReadBit()
    {
        if (_count < 1)
            Fill();
        return ReadBits(1) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Skip(int count)
    {
        _bits <<= count;
        _count -= count;
    }

    public readonly bool IsTolerant => _isTolerant;

    /// <summary>
    /// To be asked every few blocks: whether bits beyond the data were read. Without tolerance, or at the end of the file, this is an error.
    /// </summary>
    public readonly bool IsOverrun()
    {
        if (_count >= _padding)
            return false;
        if (_isTolerant && Marker.Find(_content, _position) >= 0)
            return true;
        throw new ImageException($"JPEG: expected more image data at offset {_position}, found {(_position >= _content.Length ? "the end of the file" : "a marker")}.");
    }

    /// <summary>
    /// Goes to the data after the restart marker of the given number, 0 to 7. Where another marker is next, it takes libjpeg's way out:
    /// one of the next two restarts, or a marker that ends the scan, means that this one was lost and has no data; one of the last two,
    /// or what is no marker, is passed over; any other restart is taken for this one.
    /// </summary>
    /// <returns>False where the marker has no data; the marker that was found is then looked at again.</returns>
    public bool TryRestart(int number)
    {
        (_bits, _count, _padding) = (0, 0, 0);
        while (true)
        {
            int at = Marker.Find(_content, _position);
            if (at < 0)
                throw new ImageException($"JPEG: expected restart marker {number} at offset {_position}, found the end of the file.");
            _position = at;
            byte marker = _content[at + 1];
            int ahead = marker - Marker.FirstRestart - number & 7;
            if (Marker.IsRestart(marker) ? ahead is 1 or 2 : marker >= Marker.BaselineFrame)
                return false;
            _position += 2;
            if (Marker.IsRestart(marker) && ahead is not (6 or 7))
                return true;
        }
    }

    readonly int DecodeLong(HuffmanTable table)
    {
        int entry = table.DecodeLong((int)(_bits >> 48));
        return entry != 0 ? entry : _isTolerant ? NoCode : throw new ImageException("JPEG: expected a Huffman code, found bits that are none.");
    }

    void Fill()
    {
        if (_position + 8 <= _content.Length)
        {
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(_content[_position..]);
            // Without a byte of 0xFF, which escapes or marks, as many bytes as fit are taken at once.
            ulong inverse = ~next;
            if (((inverse - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                int bytes = (64 - _count) >> 3;
                _bits |= (next & (ulong.MaxValue << (64 - 8 * bytes))) >> _count;
                _count += 8 * bytes;
                _position += bytes;
                return;
            }
        }
        while (_count <= 56)
        {
            _bits |= (ulong)NextByte() << (56 - _count);
            _count += 8;
        }
    }

    byte NextByte()
    {
        if (_position < _content.Length)
        {
            byte value = _content[_position];
            if (value != 0xFF)
            {
                _position++;
                return value;
            }
            // Any number of 0xFF may stand before a marker; before a 0 they are one data byte.
            int at = _position + 1;
            while (at < _content.Length && _content[at] == 0xFF)
                at++;
            if (at < _content.Length && _content[at] == 0)
            {
                _position = at + 1;
                return value;
            }
        }
        _padding += 8;
        return 0;
    }
}
