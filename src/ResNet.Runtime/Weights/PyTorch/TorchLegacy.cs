using System.Buffers.Binary;
using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>
/// PyTorch's format before 1.6, which many published weights have: five pickles (a magic number, the protocol version,
/// the writing machine, the object, the storages' keys) and then, key by key, an element count and the elements.
/// </summary>
static class TorchLegacy
{
    const long ProtocolVersion = 1001;

    /// <summary>The pickled magic number 0x1950a86a20f9469cfc6c, without the protocol before it.</summary>
    static ReadOnlySpan<byte> Magic => [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Whether a file begins with the magic number, pickled in any of the protocols 2 to 5.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start) => LengthOfMagic(start) > 0;

    public static List<WeightTensor> Read(WeightBytes file)
    {
        long position = LengthOfMagic(file.Slice(0, Math.Min(32, file.Length)));
        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);

        if (Next() is not ProtocolVersion)
            throw file.Invalid("the protocol version is unknown", expected: $"{ProtocolVersion}");
        if (Next() is not PickleDict machine || machine.GetValueOrDefault("little_endian") is not true)
            throw file.Invalid("the byte order is not supported", expected: "little");
        var root = Next();
        if (Next() is not List<object?> keys)
            throw file.Invalid("the list of storages is missing");

        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage) || storage.Offset is not null)
                throw file.Invalid($"storage '{key}' is announced twice, or never used");
            var count = BinaryPrimitives.ReadInt64LittleEndian(file.Slice(position, 8));
            if (count != storage.Count)
                throw file.Invalid($"storage '{key}' has another length than its tensors say", expected: $"{storage.Count} elements", found: $"{count}");
            storage.Offset = position + 8;
            if (storage.Bytes > file.Length - storage.Offset)
                throw file.Invalid($"storage '{key}' is cut short", expected: $"{storage.Bytes} bytes", found: $"{file.Length - storage.Offset}");
            position = storage.Offset.Value + storage.Bytes;
        }
        return TorchCheckpoint.Tensors(file, root);

        object? Next()
        {
            var reader = new PickleReader(new TorchPickle(file, Storage), file.Slice(position, Math.Min(TorchCheckpoint.MaxPickle, file.Length - position)));
            var value = reader.Read();
            position += reader.Position;
            return value;
        }

        TorchStorage? Storage(object?[] id)
        {
            if (TorchCheckpoint.Storage(id, out var key) is not { } storage)
                return null;
            // Tensors that share a storage name the same key.
            if (storages.TryAdd(key, storage))
                return storage;
            return storages[key] is var known && known.Type == storage.Type && known.Count == storage.Count ? known : null;
        }
    }

    static int LengthOfMagic(ReadOnlySpan<byte> start)
    {
        // From protocol 4 on, a frame tells the length of what follows.
        var begin = start switch
        {
            [0x80, 2 or 3, ..] => 2,
            [0x80, 4 or 5, 0x95, 13, 0, 0, 0, 0, 0, 0, 0, ..] => 11,
            _ => start.Length,
        };
        return start[begin..].StartsWith(Magic) ? begin + Magic.Length : 0;
    }
}
