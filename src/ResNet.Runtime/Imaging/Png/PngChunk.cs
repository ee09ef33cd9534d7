namespace ResNet.Runtime.Imaging.Png;

/// <summary>One chunk of a PNG file: the unit that has a checksum.</summary>
ref struct PngChunk
{
    int _offset;
    uint _length;
    ReadOnlySpan<byte> _typeAndData, _checksum;

    public readonly ReadOnlySpan<byte> Type => _typeAndData[..4];

    /// <summary>The data, or as much of them as the file has before it ends.</summary>
    public readonly ReadOnlySpan<byte> Data => _typeAndData[4..];

    /// <summary>Whether the file ends before the chunk does.</summary>
    public readonly bool IsCut => Data.Length < _length || _checksum.Length < 4;

    /// <summary>Whether decoders that do not know the chunk must refuse the file: its name begins with a capital.</summary>
    public readonly bool IsCritical => (Type[0] & 0x20) == 0;

    public readonly string Name =>
        Type.ContainsAnyExceptInRange((byte)'A', (byte)'z') ? Convert.ToHexString(Type) : System.Text.Encoding.ASCII.GetString(Type);

    public readonly bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);

    /// <summary>Reads the next chunk; false where not even its length and its type are there.</summary>
    public static bool TryRead(ref ByteReader reader, out PngChunk chunk)
    {
        chunk = default;
        if (reader.Remaining < 8)
            return false;
        chunk._length = reader.U32BigEndian();
        chunk._offset = reader.Position;
        chunk._typeAndData = reader.Take((int)Math.Min(4L + chunk._length, reader.Remaining));
        chunk._checksum = reader.Take(Math.Min(4, reader.Remaining));
        return true;
    }

    /// <summary>The data of a chunk that is there whole and undamaged.</summary>
    public readonly ReadOnlySpan<byte> Whole()
    {
        if (IsCut)
            throw new ImageException($"PNG: expected a chunk {Name} of {_length} bytes at offset {_offset}, found the end of the file.");
        uint expected = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(_checksum), found = Crc32.Compute(_typeAndData);
        return found == expected ? Data : throw new ImageException($"PNG: expected checksum {expected:X8} at offset {_offset + _typeAndData.Length}, found {found:X8}.");
    }
}
