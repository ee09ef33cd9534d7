namespace ResNet.Runtime.Formats.PyTorch;

// What a pickle of weights may hold, beside null, bool, long, double, string and byte[]:
// object?[] is a tuple, List<object?> a list or a set.

/// <summary>The functions and classes that a pickle may call; each stands for what it makes, and no code of the file's choosing runs.</summary>
enum PickleCall { OrderedDict, Set, RebuildTensor, RebuildParameter, Size, Parameter }

/// <summary>A dictionary. Only the entries under a name are kept: no weight is filed under anything else.</summary>
sealed class PickleDict : OrderedDictionary<string, object?>
{
    /// <summary>The longest text that is taken for a name.</summary>
    public const int MaxName = 1000;

    public PickleDict() : base(StringComparer.Ordinal) { }

    public void Set(object? key, object? value)
    {
        if (key is string { Length: <= MaxName } name)
            this[name] = value;
    }
}

/// <summary>A storage class, as <c>torch.FloatStorage</c>: the type of the numbers in a storage.</summary>
sealed record StorageClass(WeightType Type);

/// <summary>The numbers that one or more tensors share.</summary>
sealed class TorchStorage(WeightType type, long count)
{
    public WeightType Type { get; } = type;

    /// <summary>The number of elements.</summary>
    public long Count { get; } = count;

    /// <summary>Where the first element stands in the file; the legacy format tells only after the pickle.</summary>
    public long? Offset { get; set; }

    public long Bytes => checked(Count * Type.Size());
}

/// <summary>A view of a storage; offset and strides count elements.</summary>
sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Size, long[] Stride);
