using System.Buffers.Binary;
using System.Text;
using ResNet.Runtime.Weights.Files;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>
/// The directory of a zip archive whose entries are stored, as torch.save writes them. System.IO.Compression would copy
/// each entry out through a stream; all that is wanted is where it lies, so that it can be used where it lies.
/// </summary>
static class StoredZip
{
    const int MaxDirectory = 64 << 20;
    const uint Absent = uint.MaxValue;

    /// <summary>The bytes of an entry, which are of use as they lie unless they are compressed or encrypted.</summary>
    public readonly record struct Entry(long Offset, long Length, bool IsStored = true);

    /// <summary>The entries by name.</summary>
    /// <exception cref="WeightsException">The archive is damaged.</exception>
    public static Dictionary<string, Entry> Read(WeightBytes file)
    {
        var (count, size, offset) = FindDirectory(file);
        if (size is < 0 or > MaxDirectory)
            throw file.Invalid("the zip archive's directory is too large", expected: $"at most {MaxDirectory} bytes", found: $"{size}");
        var directory = file.Slice(offset, size);
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            if (directory.Length < 46 || UInt32(directory, 0) != 0x02014b50)
                throw Damaged(file, $"entry {i} of {count} is missing from the directory");
            int nameLength = UInt16(directory, 28), extraLength = UInt16(directory, 30), commentLength = UInt16(directory, 32);
            var total = 46 + nameLength + extraLength + commentLength;
            if (total > directory.Length)
                throw Damaged(file, $"entry {i} of {count} is cut short");
            var name = Encoding.UTF8.GetString(directory.Slice(46, nameLength));
            if (!entries.TryAdd(name, ReadEntry(file, name, directory[..46], directory.Slice(46 + nameLength, extraLength))))
                throw Damaged(file, $"entry '{name}' is there twice");
            directory = directory[total..];
        }
        return entries;
    }

    /// <summary>The bytes of an entry.</summary>
    /// <exception cref="WeightsException">It is compressed or encrypted, or longer than <paramref name="limit"/>.</exception>
    public static ReadOnlySpan<byte> Bytes(WeightBytes file, string name, Entry entry, int limit) =>
        !entry.IsStored ? throw file.Invalid($"entry '{name}' is compressed or encrypted", expected: "an archive as torch.save writes it, with its entries stored")
        : entry.Length > limit ? throw file.Invalid($"entry '{name}' of {entry.Length} bytes is too long to be read", expected: $"at most {limit}")
        : file.Slice(entry.Offset, entry.Length);

    static Entry ReadEntry(WeightBytes file, string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        var isStored = UInt16(header, 10) == 0 && (UInt16(header, 8) & 1) == 0;
        long packed = UInt32(header, 20), length = UInt32(header, 24), local = UInt32(header, 42);
        // Each field that does not fit moves, in this order, into the zip64 extra field.
        var wide = Zip64(extra);
        if (length == Absent)
            length = Next(ref wide);
        if (packed == Absent)
            packed = Next(ref wide);
        if (local == Absent)
            local = Next(ref wide);
        if (isStored && packed != length)
            throw Damaged(file, $"stored entry '{name}' has two lengths, {packed} and {length}");

        var start = file.Slice(local, 30);
        if (UInt32(start, 0) != 0x04034b50)
            throw Damaged(file, $"entry '{name}' is not where the directory says");
        var offset = local + 30 + UInt16(start, 26) + UInt16(start, 28);
        if (packed < 0 || offset > file.Length - packed)
            throw Damaged(file, $"entry '{name}' is cut short");
        return new(offset, packed, isStored);

        long Next(ref ReadOnlySpan<byte> fields)
        {
            if (fields.Length < 8)
                throw Damaged(file, $"entry '{name}' has no 64-bit length");
            var value = BinaryPrimitives.ReadInt64LittleEndian(fields);
            fields = fields[8..];
            return value;
        }
    }

    static ReadOnlySpan<byte> Zip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int id = UInt16(extra, 0), length = UInt16(extra, 2);
            if (4 + length > extra.Length)
                break;
            if (id == 1)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return default;
    }

    static (long Count, long Size, long Offset) FindDirectory(WeightBytes file)
    {
        const int recordLength = 22, maxComment = ushort.MaxValue;
        var tailLength = Math.Min(file.Length, recordLength + maxComment);
        var tail = file.Slice(file.Length - tailLength, tailLength);
        for (var at = tail.Length - recordLength; at >= 0; at--)
        {
            var record = tail[at..];
            if (UInt32(record, 0) != 0x06054b50 || UInt16(record, 20) != record.Length - recordLength)
                continue;
            if (at >= 20 && UInt32(tail, at - 20) == 0x07064b50)
            {
                var wide = file.Slice(BinaryPrimitives.ReadInt64LittleEndian(tail[(at - 12)..]), 56);
                return UInt32(wide, 0) == 0x06064b50
                    ? (BinaryPrimitives.ReadInt64LittleEndian(wide[32..]), BinaryPrimitives.ReadInt64LittleEndian(wide[40..]), BinaryPrimitives.ReadInt64LittleEndian(wide[48..]))
                    : throw Damaged(file, "its 64-bit directory is not where it should be");
            }
            return (UInt16(record, 10), UInt32(record, 12), UInt32(record, 16));
        }
        throw Damaged(file, "its directory is missing; the file may be cut short");
    }

    static ushort UInt16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    static uint UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    static WeightsException Damaged(WeightBytes file, string problem) => file.Invalid($"the zip archive is damaged: {problem}");
}
