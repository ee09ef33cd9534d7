using System.Text;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>
/// PyTorch's format since 1.6: a zip archive of <c>NAME/data.pkl</c> and one entry per storage, <c>NAME/data/KEY</c>.
/// </summary>
static class TorchZip
{
    public static List<WeightTensor> Read(MappedFile file)
    {
        var archive = StoredZip.Read(file);
        const string pickleName = "/data.pkl";
        var pickleEntry = archive.Keys.FirstOrDefault(name => name.EndsWith(pickleName, StringComparison.Ordinal) && name.IndexOf('/') == name.Length - pickleName.Length)
            ?? throw file.Invalid("the zip archive holds no weights", expected: "an entry NAME/data.pkl, as torch.save writes it");
        var folder = pickleEntry[..^"data.pkl".Length];

        if (archive.TryGetValue(folder + "byteorder", out var order) && Encoding.ASCII.GetString(Bytes(order, 16)) is not "little" and var found)
            throw file.Invalid("the byte order is not supported", expected: "little", found: found);

        var root = new PickleReader(new TorchPickle(file, Storage), Bytes(archive[pickleEntry], TorchCheckpoint.MaxPickle)).Read();
        return TorchCheckpoint.Tensors(file, root);

        TorchStorage? Storage(object?[] id)
        {
            if (TorchCheckpoint.Storage(id, out var key) is not { } storage)
                return null;
            if (!archive.TryGetValue($"{folder}data/{key}", out var entry))
                throw file.Invalid($"storage '{key}' is missing from the archive");
            if (entry.Length < storage.Bytes)
                throw file.Invalid($"storage '{key}' is cut short", expected: $"{storage.Bytes} bytes", found: $"{entry.Length}");
            storage.Offset = entry.Offset;
            return storage;
        }

        ReadOnlySpan<byte> Bytes(StoredZip.Entry entry, int limit) =>
            entry.Length <= limit ? file.Slice(entry.Offset, entry.Length) : throw file.Invalid($"an entry of {entry.Length} bytes is too long to be read", expected: $"at most {limit}");
    }
}
