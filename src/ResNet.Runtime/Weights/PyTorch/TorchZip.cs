using System.Text;
using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>
/// PyTorch's format since 1.6: a zip archive of <c>NAME/data.pkl</c> and one entry per storage, <c>NAME/data/KEY</c>.
/// </summary>
static class TorchZip
{
    public static List<WeightTensor> Read(WeightBytes file)
    {
        var archive = StoredZip.Read(file);
        const string pickleEnd = "/data.pkl";
        var pickleName = archive.Keys.FirstOrDefault(name => name.EndsWith(pickleEnd, StringComparison.Ordinal) && name.IndexOf('/') == name.Length - pickleEnd.Length)
            ?? throw file.Invalid("the zip archive holds no weights", expected: "an entry NAME/data.pkl, as torch.save writes it", found: Describe(archive));
        var folder = pickleName[..^"data.pkl".Length];
        if (archive.Keys.Any(name => name.StartsWith(folder + "code/", StringComparison.Ordinal)) || archive.ContainsKey(folder + "constants.pkl"))
            throw file.Invalid("this is a TorchScript program, which torch.jit.save wrote, not a file of weights. Save its weights alone: " +
                "torch.save(torch.jit.load(file).state_dict(), \"weights.pth\")");

        if (archive.TryGetValue(folder + "byteorder", out var order) && Encoding.ASCII.GetString(StoredZip.Bytes(file, folder + "byteorder", order, 16)) is not "little" and var found)
            throw file.Invalid("the byte order is not supported", expected: "little", found: found);

        var root = new PickleReader(new TorchPickle(file, Storage), StoredZip.Bytes(file, pickleName, archive[pickleName], TorchCheckpoint.MaxPickle)).Read();
        return TorchCheckpoint.Tensors(file, root);

        TorchStorage? Storage(object?[] id)
        {
            if (TorchCheckpoint.Storage(id, out var key) is not { } storage)
                return null;
            if (!archive.TryGetValue($"{folder}data/{key}", out var entry))
                throw file.Invalid($"storage '{key}' is missing from the archive");
            if (!entry.IsStored)
                throw file.Invalid($"storage '{key}' is compressed or encrypted", expected: "an archive as torch.save writes it, with its entries stored");
            if (entry.Length < storage.Bytes)
                throw file.Invalid($"storage '{key}' is cut short", expected: $"{storage.Bytes} bytes", found: $"{entry.Length}");
            storage.Offset = entry.Offset;
            return storage;
        }
    }

    /// <summary>The kind of an archive that has other entries than torch.save writes.</summary>
    static string Describe(Dictionary<string, StoredZip.Entry> archive) =>
        archive.ContainsKey("model.json") || archive.Keys.Any(name => name.EndsWith("/model.json", StringComparison.Ordinal)) ? "an old TorchScript program; save its weights alone"
        : archive.Keys.Any(name => name.EndsWith(".npy", StringComparison.Ordinal)) ? "arrays of NumPy (.npz)"
        : archive.Keys.Any(name => name.EndsWith(".h5", StringComparison.Ordinal)) ? "a model of Keras"
        : $"an archive of {string.Join(", ", archive.Keys.Take(3))}{(archive.Count > 3 ? ", …" : "")}";
}
