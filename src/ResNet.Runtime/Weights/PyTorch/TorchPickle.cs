using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>The functions and classes that a pickle of weights may call; each stands for what it makes, and no code of the file's choosing runs.</summary>
enum TorchCall { OrderedDict, Set, RebuildTensor, RebuildParameter, Size, Parameter }

/// <summary>The names a pickle of weights may ask for, and what calling them yields.</summary>
/// <param name="file">The file that holds the pickle.</param>
/// <param name="storage">Finds the storage that a reference names, or null where it names none.</param>
sealed class TorchPickle(MappedFile file, Func<object?[], TorchStorage?> storage) : PickleDialect
{
    const int MaxRank = 16;

    public override string Writer => "PyTorch";

    public override string NeededByNone => "no weights need";

    public override string Advice => " If the file is yours, save model.state_dict() instead of what was saved";

    public override object? Find(string name) => name switch
    {
        "collections.OrderedDict" => TorchCall.OrderedDict,
        "builtins.set" or "builtins.frozenset" or "__builtin__.set" or "__builtin__.frozenset" => TorchCall.Set,
        "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => TorchCall.RebuildTensor,
        "torch._utils._rebuild_parameter" => TorchCall.RebuildParameter,
        "torch.nn.parameter.Parameter" => TorchCall.Parameter,
        "torch.Size" => TorchCall.Size,
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

    public override object? Call(Enum callee, object?[] arguments) => (callee, arguments) switch
    {
        (TorchCall.OrderedDict, []) => new PickleDict(),
        (TorchCall.OrderedDict, [List<object?> pairs]) => FromPairs(pairs),
        (TorchCall.Set, []) => new List<object?>(),
        (TorchCall.Set, [List<object?> items]) => items,
        // What follows (whether a gradient is wanted, hooks) says nothing about the weights.
        (TorchCall.RebuildTensor, [TorchStorage storage, long offset, object?[] size, object?[] stride, ..]) => Tensor(storage, offset, size, stride),
        (TorchCall.RebuildParameter or TorchCall.Parameter, [TorchTensor data, ..]) => data,
        (TorchCall.Size, [object?[] size]) => size,
        _ => null,
    };

    /// <summary>State of an ordered dictionary (the versions of its modules) or of a parameter: nothing that the weights need.</summary>
    public override bool SetState(object? target, object? state) => target is PickleDict or TorchTensor;

    public override object? Find(object?[] reference) => storage(reference);

    public override Exception Invalid(string problem) => file.Invalid(problem);

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
