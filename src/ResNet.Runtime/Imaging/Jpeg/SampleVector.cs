using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>Eight neighboring samples as integers.</summary>
static class SampleVector
{
    /// <summary>Reads eight samples.</summary>
    public static Vector256<int> Load(ReadOnlySpan<byte> from)
    {
        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(from)).AsByte()));
        return Vector256.Create(low, high).AsInt32();
    }

    /// <summary>Writes eight samples, each clamped to 0 … 255.</summary>
    public static void Store(Vector256<int> values, Span<byte> to)
    {
        values = Vector256.Clamp(values, Vector256<int>.Zero, Vector256.Create(255));
        var words = Vector128.Narrow(values.GetLower(), values.GetUpper()).AsUInt16();
        BinaryPrimitives.WriteUInt64LittleEndian(to, Vector128.Narrow(words, words).AsUInt64().ToScalar());
    }
}
