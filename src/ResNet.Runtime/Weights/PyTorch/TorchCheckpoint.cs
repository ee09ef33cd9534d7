using System.Collections.Immutable;
using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>Finds the weights in what a pickle held, and turns them into tensors over the file.</summary>
static class TorchCheckpoint
{
    /// <summary>The pickle itself, without the numbers; a deep network's is a few megabytes.</summary>
    public const int MaxPickle = 64 << 20;

    /// <summary>The names under which training programs file the weights beside epoch, optimizer and the rest.</summary>
    static readonly string[] _wrappers = ["state_dict", "model_state_dict", "model"];

    public static List<WeightTensor> Tensors(MappedFile file, object? root) =>
        [.. from entry in StateDict(file, root)
            where entry.Value is TorchTensor
            select Tensor(file, entry.Key, (TorchTensor)entry.Value!)];

    /// <summary>A storage that a pickle refers to, or null where the reference is not as PyTorch writes it.</summary>
    /// <param name="key">What the file calls the storage.</param>
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

    static PickleDict StateDict(MappedFile file, object? root)
    {
        var keys = root is PickleDict top ? string.Join(", ", top.Keys.Take(8)) : null;
        while (root is PickleDict dictionary)
        {
            // A pickle may contain itself, so each step inwards consumes the name it took.
            if (_wrappers.FirstOrDefault(wrapper => dictionary.GetValueOrDefault(wrapper) is PickleDict) is { } wrapper)
            {
                root = dictionary[wrapper];
                dictionary.Remove(wrapper);
            }
            else if (dictionary.Values.Any(value => value is TorchTensor))
                return dictionary;
            else
                break;
        }
        throw file.Invalid("the file holds no state dict", expected: $"named tensors at the top or under {string.Join(", ", _wrappers)}", found: keys is null ? "no dictionary" : $"a dictionary of {keys}");
    }

    static WeightTensor Tensor(MappedFile file, string name, TorchTensor tensor)
    {
        var (storage, offset, size, stride) = tensor;
        var found = $"size [{string.Join(", ", size)}], strides [{string.Join(", ", stride)}], offset {offset}";
        if (Array.Exists(size, n => n is < 0 or > int.MaxValue) || Array.Exists(stride, n => n < 0) || offset < 0)
            throw file.Invalid("its layout is none that PyTorch writes", name, found: found);

        var shape = ImmutableArray.Create(Array.ConvertAll(size, n => (int)n));
        var strides = ImmutableArray.Create(stride);
        try
        {
            if (checked(offset + TensorLayout.Extent(shape, strides)) <= storage.Count && storage.Offset is { } start)
                return new(file, name, storage.Type, shape, checked(start + offset * storage.Type.Size()), strides);
        }
        catch (OverflowException)
        {
            // Refused below, like any other tensor that leaves its storage.
        }
        throw file.Invalid("it reaches beyond its storage", name, $"at most {storage.Count} elements", found);
    }
}
