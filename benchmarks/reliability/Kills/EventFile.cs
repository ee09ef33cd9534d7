using System.Buffers.Binary;
using System.Text;

namespace ResNet.Reliability.Kills;

/// <summary>Reads the scalars of TensorBoard's files as TensorBoard does: a file of a killed process may end within a record.</summary>
static class EventFile
{
    const int Framing = 16;

    /// <summary>The values of a file, in order.</summary>
    public static IEnumerable<(long Step, string Tag, float Value)> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + Framing <= bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            if (at + Framing + length > bytes.Length) break;
            foreach (var value in Scalars(bytes.AsSpan(at + 12, length))) yield return value;
            at += Framing + length;
        }
    }

    /// <summary>tensorflow.Event: step = 2, summary = 5, of which value = 1 has tag = 1 and simple_value = 2.</summary>
    static List<(long, string, float)> Scalars(ReadOnlySpan<byte> message)
    {
        var found = new List<(long, string, float)>();
        long step = 0;
        while (Next(ref message, out var field, out var number, out var bytes))
        {
            if (field == 2) step = (long)number;
            if (field != 5) continue;
            while (Next(ref bytes, out _, out _, out var scalar))
            {
                var (tag, value) = ("", 0f);
                while (Next(ref scalar, out var part, out var bits, out var text))
                    if (part == 1) tag = Encoding.UTF8.GetString(text);
                    else value = BitConverter.UInt32BitsToSingle((uint)bits);
                found.Add((step, tag, value));
            }
        }
        return found;
    }

    /// <summary>Takes the next field of a protocol buffer.</summary>
    static bool Next(ref ReadOnlySpan<byte> message, out int field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        field = 0;
        number = 0;
        bytes = default;
        if (message.IsEmpty) return false;
        var tag = Varint(ref message);
        field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                number = Varint(ref message);
                break;
            case 1:
                number = BinaryPrimitives.ReadUInt64LittleEndian(message);
                message = message[8..];
                break;
            case 5:
                number = BinaryPrimitives.ReadUInt32LittleEndian(message);
                message = message[4..];
                break;
            case 2:
                var length = (int)Varint(ref message);
                bytes = message[..length];
                message = message[length..];
                break;
            default:
                throw new InvalidDataException($"A field of type {tag & 7}");
        }
        return true;
    }

    static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[0];
            message = message[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
