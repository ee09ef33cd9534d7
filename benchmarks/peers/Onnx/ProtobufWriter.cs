using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ResNet.Peers.Onnx;

/// <summary>Writes a message in the wire format of Protocol Buffers, field by field.</summary>
sealed class ProtobufWriter
{
    // How a field's value is stored: the low three bits of its tag.
    const int Varint = 0, LengthDelimited = 2, FourBytes = 5;

    readonly ArrayBufferWriter<byte> _bytes = new();

    public void Write(int field, long value)
    {
        WriteTag(field, Varint);
        WriteVarint((ulong)value);
    }

    public void Write(int field, float value)
    {
        WriteTag(field, FourBytes);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    public void Write(int field, string text) => Write(field, Encoding.UTF8.GetBytes(text));

    public void Write(int field, ProtobufWriter message) => Write(field, message._bytes.WrittenSpan);

    public void Write(int field, ReadOnlySpan<byte> bytes)
    {
        WriteTag(field, LengthDelimited);
        WriteVarint((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    void WriteTag(int field, int type) => WriteVarint((ulong)(field << 3 | type));

    /// <summary>Writes a number seven bits a byte, the lowest first; the eighth bit says that another byte follows.</summary>
    void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
