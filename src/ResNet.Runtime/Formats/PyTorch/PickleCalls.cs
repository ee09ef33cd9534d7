namespace ResNet.Runtime.Formats.PyTorch;

/// <summary>The names a pickle of weights may ask for, and what calling them yields.</summary>
static class PickleCalls
{
    const int MaxRank = 16;

    /// <summary>What a global name stands for, or null where no weights need it.</summary>
    public static object? Find(string name) => name switch
    {
        "collections.OrderedDict" => PickleCall.OrderedDict,
        "builtins.set" or "builtins.frozenset" or "__builtin__.set" or "__builtin__.frozenset" => PickleCall.Set,
        "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => PickleCall.RebuildTensor,
        "torch._utils._rebuild_parameter" => PickleCall.RebuildParameter,
        "torch.nn.parameter.Parameter" => PickleCall.Parameter,
        "torch.Size" => PickleCall.Size,
        "torch.FloatStorage" => new StorageClass(WeightType.Float32),
        "torch.DoubleStorage" => new StorageClass(WeightType.Float64),
        "torch.HalfStorage" => new StorageClass(WeightType.Float16),
        "torch.BFloat16Storage" => new StorageClass(WeightType.BFloat16),
        "torch.LongStorage" => new StorageClass(WeightType.Int64),
        "torch.IntStorage" => new StorageClass(WeightType.Int32),
        "torch.ShortStorage" => new StorageClass(WeightType.Int16),
        "torch.CharStorage" => new StorageClass(WeightType.Int8),
        "torch.BoolStorage" => new StorageClass(WeightType.Bool),
        // A storage without a type of its own is one of bytes.
        "torch.ByteStorage" or "torch.storage.UntypedStorage" or "torch.storage._UntypedStorage" => new StorageClass(WeightType.UInt8),
        _ => null,
    };

    /// <summary>The value that a call makes, or null where its arguments are not those that PyTorch writes.</summary>
    public static object? Call(PickleCall call, object?[] arguments) => (call, arguments) switch
    {
        (PickleCall.OrderedDict, []) => new PickleDict(),
        (PickleCall.OrderedDict, [List<object?> pairs]) => FromPairs(pairs),
        (PickleCall.Set, []) => new List<object?>(),
        (PickleCall.Set, [List<object?> items]) => items,
        // What follows (whether a gradient is wanted, hooks) says nothing about the weights.
        (PickleCall.RebuildTensor, [TorchStorage storage, long offset, object?[] size, object?[] stride, ..]) => Tensor(storage, offset, size, stride),
        (PickleCall.RebuildParameter or PickleCall.Parameter, [TorchTensor data, ..]) => data,
        (PickleCall.Size, [object?[] size]) => size,
        _ => null,
    };

    static PickleDict? FromPairs(List<object?> pairs)
    {
        var dictionary = new PickleDict();
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] and [var k, var v] => (k, v),
                List<object?> and [var k, var v] => (k, v),
                _ => (null, null),
            };
            if (key is null)
                return null;
            dictionary.Set(key, value);
        }
        return dictionary;
    }

    static TorchTensor? Tensor(TorchStorage storage, long offset, object?[] size, object?[] stride) =>
        size.Length <= MaxRank && stride.Length == size.Length && Array.TrueForAll(size, value => value is long) && Array.TrueForAll(stride, value => value is long)
            ? new(storage, offset, Array.ConvertAll(size, value => (long)value!), Array.ConvertAll(stride, value => (long)value!))
            : null;
}
