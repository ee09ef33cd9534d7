using System.Buffers.Binary;
using ResNet.Onnx.Protos;
using DataType = ResNet.Onnx.Protos.TensorProto.Types.DataType;

namespace ResNet.Onnx.Importing;

/// <summary>Numbers of a model: a weight or a constant.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Shape">Their dimensions.</param>
/// <param name="Values">The numbers, row by row.</param>
sealed record Numbers(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>Reads the numbers of a model.</summary>
static class TensorReader
{
    /// <summary>Reads a tensor.</summary>
    /// <exception cref="InvalidDataException">Its type is unknown, or it has another number of values than its dimensions say.</exception>
    public static Numbers Read(TensorProto tensor)
    {
        if (tensor.DataLocation != 0 || tensor.ExternalData.Count > 0)
            throw new InvalidDataException($"the values of \"{tensor.Name}\" are in another file; save the model as one file");
        var count = 1L;
        foreach (var size in tensor.Dims)
        {
            if (size is < 0 or > int.MaxValue) throw new InvalidDataException($"\"{tensor.Name}\" has a dimension of {size}");
            count *= size;
            if (count > Array.MaxLength) throw new InvalidDataException($"\"{tensor.Name}\", {string.Join('×', tensor.Dims)}, is larger than an array");
        }
        var values = Values(tensor);
        return values.Length == count
            ? new(tensor.Name, [.. tensor.Dims.Select(size => (int)size)], values)
            : throw new InvalidDataException($"\"{tensor.Name}\", {string.Join('×', tensor.Dims)}, has {values.Length} values");
    }

    static float[] Values(TensorProto tensor)
    {
        var raw = tensor.RawData.Span;
        var isRaw = !tensor.RawData.IsEmpty;
        return (DataType)tensor.DataType switch
        {
            DataType.Float => isRaw ? Raw(raw, 4, BinaryPrimitives.ReadSingleLittleEndian) : [.. tensor.FloatData],
            DataType.Double => isRaw ? Raw(raw, 8, bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes)) : [.. tensor.DoubleData.Select(value => (float)value)],
            DataType.Int64 => isRaw ? Raw(raw, 8, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)) : [.. tensor.Int64Data.Select(value => (float)value)],
            DataType.Int32 => isRaw ? Raw(raw, 4, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)) : [.. tensor.Int32Data.Select(value => (float)value)],
            DataType.Bool => isRaw ? Raw(raw, 1, bytes => bytes[0]) : [.. tensor.Int32Data.Select(value => (float)value)],
            DataType.Float16 => isRaw
                ? Raw(raw, 2, bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes))
                : [.. tensor.Int32Data.Select(value => (float)BitConverter.UInt16BitsToHalf((ushort)value))],
            DataType.Bfloat16 => isRaw
                ? Raw(raw, 2, bytes => OfBFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes)))
                : [.. tensor.Int32Data.Select(value => OfBFloat16((ushort)value))],
            var type => throw new InvalidDataException($"\"{tensor.Name}\" is of the type {type}; expected numbers: float, double, float16, bfloat16, int32, int64 or bool"),
        };
    }

    static float OfBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    static float[] Raw(ReadOnlySpan<byte> raw, int size, RawReader read)
    {
        if (raw.Length % size != 0) throw new InvalidDataException($"{raw.Length} bytes are no whole number of values of {size} bytes");
        var values = new float[raw.Length / size];
        for (var i = 0; i < values.Length; i++) values[i] = read(raw.Slice(i * size, size));
        return values;
    }

    delegate float RawReader(ReadOnlySpan<byte> bytes);
}
