using System.Buffers.Binary;

namespace ResNet.Runtime.Imaging;

/// <summary>Reads numbers from a file in memory; reading beyond its end is an <see cref="ImageException"/>.</summary>
ref struct ByteReader(ReadOnlySpan<byte> data, string format)
{
    readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; set; }

    public readonly int Remaining => _data.Length - Position;

    public ReadOnlySpan<byte> Take(int count)
    {
        // Position may have been set beyond the end by an offset in the file.
        if (count < 0 || count > Remaining)
            throw new ImageException($"{format}: expected {(uint)count} bytes at offset {Position}, found {Math.Max(0, Remaining)}.");
        var taken = _data.Slice(Position, count);
        Position += count;
        return taken;
    }

    public byte U8() => Take(1)[0];

    public ushort U16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint U32BigEndian() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));
}
