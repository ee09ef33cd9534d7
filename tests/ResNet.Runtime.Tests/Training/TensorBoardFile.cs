using System.Buffers.Binary;
using System.Text;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Tests.Training;

/// <summary>An event of a TensorBoard file: the fields of <c>tensorflow.Event</c> that scalars need.</summary>
sealed record TensorBoardEvent(double Seconds, long Step, string? Version, IReadOnlyList<(string Tag, float Value)> Scalars);

/// <summary>
/// Reads TensorBoard's event files by TFRecord's framing and the protocol buffers' wire format, sharing nothing with the writer.
/// </summary>
static class TensorBoardFile
{
    public static List<TensorBoardEvent> Read(string path)
    {
        var events = new List<TensorBoardEvent>();
        for (var rest = File.ReadAllBytes(path).AsMemory(); !rest.IsEmpty;)
        {
            // uint64 length, its masked CRC-32C, the data, their masked CRC-32C; all little-endian.
            var record = rest.Span;
            var length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(record));
            Assert.Equal(MaskedCrc(record[..8]), BinaryPrimitives.ReadUInt32LittleEndian(record[8..]));
            Assert.Equal(MaskedCrc(record.Slice(12, length)), BinaryPrimitives.ReadUInt32LittleEndian(record[(12 + length)..]));
            events.Add(Event(rest.Slice(12, length)));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    /// <summary>event.proto: wall_time = 1 (double), step = 2 (int64), file_version = 3 (string), summary = 5 (Summary).</summary>
    static TensorBoardEvent Event(ReadOnlyMemory<byte> message)
    {
        var fields = Fields(message);
        Assert.All(fields, field => Assert.Contains((field.Number, field.Type), new[] { (1, Wire.Fixed64), (2, Wire.Varint), (3, Wire.Bytes), (5, Wire.Bytes) }));
        var version = fields.Where(field => field.Number == 3).Select(field => Encoding.UTF8.GetString(field.Bytes.Span)).SingleOrDefault();
        return new(
            BinaryPrimitives.ReadDoubleLittleEndian(fields.Single(field => field.Number == 1).Bytes.Span),
            (long)fields.Single(field => field.Number == 2).Integer,
            version,
            [.. fields.Where(field => field.Number == 5).SelectMany(summary => Fields(summary.Bytes)).Select(Scalar)]);
    }

    /// <summary>summary.proto: repeated Value value = 1, of which tag = 1 (string) and simple_value = 2 (float).</summary>
    static (string Tag, float Value) Scalar(Field field)
    {
        Assert.Equal((1, Wire.Bytes), (field.Number, field.Type));
        var parts = Fields(field.Bytes);
        Assert.Equal([(1, Wire.Bytes), (2, Wire.Fixed32)], parts.Select(part => (part.Number, part.Type)));
        return (Encoding.UTF8.GetString(parts[0].Bytes.Span), BinaryPrimitives.ReadSingleLittleEndian(parts[1].Bytes.Span));
    }

    static List<Field> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<Field>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var (number, type) = ((int)(tag >> 3), (Wire)(tag & 7));
            ulong integer = type == Wire.Varint ? Varint(message.Span, ref at) : 0;
            var length = type switch
            {
                Wire.Varint => 0,
                Wire.Fixed64 => 8,
                Wire.Bytes => checked((int)Varint(message.Span, ref at)),
                Wire.Fixed32 => 4,
                _ => throw new InvalidDataException($"wire type {type}"),
            };
            fields.Add(new(number, type, integer, message.Slice(at, length)));
            at += length;
        }
        return fields;
    }

    static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }

    /// <summary>TensorFlow's crc32c::Mask of the CRC with the reflected polynomial 0x82F63B78, bit by bit.</summary>
    static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        return unchecked((crc >> 15 | crc << 17) + 0xA282EAD8);
    }

    enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    readonly record struct Field(int Number, Wire Type, ulong Integer, ReadOnlyMemory<byte> Bytes);
}
