using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>Reads the entropy-coded bits of a JPEG scan, up to the next marker.</summary>
ref struct BitReader(ReadOnlySpan<byte> content, int position)
{
    readonly ReadOnlySpan<byte> _content = content;
    int _position = position;

    /// <summary>Unread bits, from the highest down; below them zeros.</summary>
    ulong _bits;
    int _count;

    /// <summary>How many zeros stand in for data behind the last byte; reading them is an error, looking is not.</summary>
    int _padding;

    /// <summary>Where unread bytes begin: at a marker, once the bits before it are used up.</summary>
    public readonly int Position => _position;

    /// <summary>Decodes one symbol; <see cref="ReadBits"/> of up to 16 bits may follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSymbol(HuffmanTable table)
    {
        if (_count < 32)
            Fill();
        int entry = table.Lookup((int)(_bits >> (64 - HuffmanTable.LookupBits)));
        if (entry == 0)
            entry = table.DecodeLong((int)(_bits >> 48));
        Skip(entry >> 8);
        return entry & 255;
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

    /// <summary>To be called every few blocks: an error if bits beyond the data were read.</summary>
    public readonly void CheckOverrun()
    {
        if (_count < _padding)
            throw new ImageException($"JPEG: expected more image data at offset {_position}, found {(_position >= _content.Length ? "the end of the file" : "a marker")}.");
    }

    /// <summary>Moves behind the restart marker of the given number, 0 to 7, which must be next.</summary>
    public void Restart(int number)
    {
        while (_position + 1 < _content.Length && (_content[_position] != 0xFF || _content[_position + 1] is 0 or 0xFF))
            _position++;
        if (_position + 1 >= _content.Length || _content[_position + 1] != Marker.FirstRestart + number)
            throw new ImageException($"JPEG: expected restart marker {number} at offset {_position}, found {(_position + 1 >= _content.Length ? "the end of the file" : "another marker")}.");
        _position += 2;
        (_bits, _count, _padding) = (0, 0, 0);
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
