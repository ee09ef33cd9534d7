using System.Numerics;
using Parquet;
using Parquet.Schema;
using ResNet.Runtime;

namespace ResNet.Data.Parquet.Reading;

/// <summary>Reads a column of a row group.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="group">The row group.</param>
/// <param name="first">The number of its first row in the file.</param>
sealed class ColumnReader(string path, ParquetRowGroupReader group, int first)
{
    /// <summary>Reads bytes; null where a row has none.</summary>
    public ReadOnlyMemory<byte>?[] Bytes(DataField field)
    {
        var (values, levels) = Read<ReadOnlyMemory<byte>>(field);
        if (levels is null) return Array.ConvertAll(values, value => (ReadOnlyMemory<byte>?)value);
        var at = 0;
        return Array.ConvertAll(levels, level => level == field.MaxDefinitionLevel ? values[at++] : (ReadOnlyMemory<byte>?)null);
    }

    /// <summary>Reads texts.</summary>
    /// <exception cref="DatasetException">A row has none.</exception>
    public IEnumerable<string> Texts(DataField field) => Values<ReadOnlyMemory<char>>(field).Select(value => value.ToString());

    /// <summary>Reads integers of any type.</summary>
    /// <exception cref="DatasetException">A row has none.</exception>
    public IEnumerable<long> Integers(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Int64 => Values<long>(field),
        TypeCode.Int32 => Widened<int>(field),
        TypeCode.Int16 => Widened<short>(field),
        TypeCode.SByte => Widened<sbyte>(field),
        TypeCode.Byte => Widened<byte>(field),
        TypeCode.UInt16 => Widened<ushort>(field),
        TypeCode.UInt32 => Widened<uint>(field),
        _ => Widened<ulong>(field),
    };

    IEnumerable<long> Widened<T>(DataField field) where T : struct, INumber<T> => Values<T>(field).Select(long.CreateSaturating);

    T[] Values<T>(DataField field) where T : struct
    {
        var (values, levels) = Read<T>(field);
        if (levels is not null && Array.FindIndex(levels, level => level < field.MaxDefinitionLevel) is >= 0 and var row)
            throw new DatasetException($"{path}, row {first + row}, column {field.Path}: expected a label, found none");
        return values;
    }

    /// <summary>Reads the values that are there, from the front, and for each row whether it has one.</summary>
    (T[] Values, int[]? Levels) Read<T>(DataField field) where T : struct
    {
        var rows = (int)group.RowCount;
        if (group.GetMetadata(field)?.MetaData?.NumValues is { } count && count != rows)
            throw new DatasetException($"{path}, column {field.Path}: expected {rows} values in the row group of row {first}, found {count}");
        var values = new T[rows];
        var levels = field.MaxDefinitionLevel > 0 ? new int[rows] : null;
        var reading = group.ReadRawAsync<T>(field, values, levels is null ? (Memory<int>?)null : levels, null);
        // Never waits: the file's reads are synchronous.
        reading.AsTask().GetAwaiter().GetResult();
        return (values, levels);
    }
}
