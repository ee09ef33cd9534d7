using System.Collections.Immutable;
using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>Finds the weights in what a pickle held, and turns them into tensors over the file.</summary>
static class TorchCheckpoint
{
    /// <summary>The pickle itself, without the numbers; a deep network's is a few megabytes.</summary>
    public const int MaxPickle = 64 << 20;

    /// <summary>The depth of dictionaries in dictionaries, and the length of their names, to which tensors are looked for.</summary>
    const int MaxDepth = 8, MaxPath = 100;

    /// <summary>The elements to which a view may repeat those of a smaller storage.</summary>
    const int MostRepeated = 1 << 24;

    /// <summary>
    /// All tensors under a name. Of a checkpoint with one dictionary of tensors, however deep it lies, they have their names in it; where
    /// there are several, names follow those of the dictionaries.
    /// </summary>
    public static List<WeightTensor> Tensors(WeightBytes file, object? root)
    {
        var found = new List<(string Path, PickleDict Tensors)>();
        if (root is PickleDict top)
            Collect(top, "", found, new HashSet<object>(ReferenceEqualityComparer.Instance), 0);
        if (found.Count == 0)
            throw None(file, root);
        var tensors = new List<WeightTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, dictionary) in found)
        {
            foreach (var (key, value) in dictionary)
            {
                if (value is not TorchTensor tensor)
                    continue;
                var (fullName, name) = (path + key, found.Count == 1 ? key : path + key);
                tensors.Add(names.Add(name) ? Tensor(file, name, fullName, tensor) : throw file.Invalid("it is there twice", name));
            }
        }
        return tensors;
    }

    /// <summary>A storage that a pickle refers to, or null where the reference is not as PyTorch writes it.</summary>
    /// <param name="key">The file's name of the storage.</param>
    /// <param name="id">('storage', class, key, device, elements), and in the legacy format a view, which newer files leave null.</param>
    public static TorchStorage? Storage(object?[] id, out string key)
    {
        key = "";
        if (id is not (["storage", StorageClass, string { Length: <= PickleDict.MaxName }, _, long and >= 0 and <= long.MaxValue / 8]
                    or ["storage", StorageClass, string { Length: <= PickleDict.MaxName }, _, long and >= 0 and <= long.MaxValue / 8, null]))
            return null;
        key = (string)id[2]!;
        return new(((StorageClass)id[1]!).Type, (long)id[4]!);
    }

    /// <summary>Lists the dictionaries that hold tensors, each once: a pickle may contain itself.</summary>
    static void Collect(PickleDict dictionary, string path, List<(string Path, PickleDict Tensors)> found, HashSet<object> visited, int depth)
    {
        if (depth > MaxDepth || path.Length > MaxPath || !visited.Add(dictionary))
            return;
        if (dictionary.Values.Any(value => value is TorchTensor))
            found.Add((path, dictionary));
        foreach (var (key, value) in dictionary)
            if (value is PickleDict inner)
                Collect(inner, $"{path}{key}.", found, visited, depth + 1);
    }

    /// <summary>An error that says what the file holds instead of tensors.</summary>
    static WeightsException None(WeightBytes file, object? root)
    {
        const string remedy = " If the file is yours, save model.state_dict() instead of what was saved";
        switch (root)
        {
            case PickleObject whole:
                return file.Invalid($"the file asks for {whole.Name}, which no weights need; refused.{remedy}");
            case PickleDict dictionary:
                var entries = string.Join(", ", dictionary.Take(8).Select(entry => entry.Value is PickleObject value ? $"{entry.Key} ({value.Name})" : entry.Key));
                var advice = dictionary.Values.Any(value => value is PickleObject) ? remedy : "";
                return file.Invalid($"the file holds no state dict.{advice}", expected: "named tensors in a dictionary", found: $"a dictionary of {entries}");
            default:
                return file.Invalid("the file holds no state dict", expected: "named tensors in a dictionary", found: "no dictionary");
        }
    }

    static WeightTensor Tensor(WeightBytes file, string name, string fullName, TorchTensor tensor)
    {
        var (storage, type, offset, size, stride) = tensor;
        var found = $"size [{string.Join(", ", size)}], strides [{string.Join(", ", stride)}], offset {offset}";
        if (Array.Exists(size, n => n is < 0 or > int.MaxValue) || Array.Exists(stride, n => n < 0) || offset < 0)
            throw file.Invalid("its layout is none that PyTorch writes", name, found: found);

        var shape = ImmutableArray.Create(Array.ConvertAll(size, n => (int)n));
        var strides = ImmutableArray.Create(stride);
        // A stride of 0 repeats elements; a file of a few bytes could ask for gigabytes of one of them.
        if (TensorLayout.TryCount(shape, out var count) && count > Math.Max(storage.Count, MostRepeated))
            throw file.Invalid($"its {count} elements repeat those of a smaller storage", name, $"at most {Math.Max(storage.Count, MostRepeated)}", found);
        try
        {
            if (checked((offset + TensorLayout.Extent(shape, strides)) * type.Size()) <= storage.Bytes && storage.Offset is { } start)
                return new(file, name, type, shape, checked(start + offset * type.Size()), strides, fullName);
        }
        catch (OverflowException)
        {
            // Refused below, like any other tensor that leaves its storage.
        }
        throw file.Invalid("it reaches beyond its storage", name, $"at most {storage.Count} elements", found);
    }
}
