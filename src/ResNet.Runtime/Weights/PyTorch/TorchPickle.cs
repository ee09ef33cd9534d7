using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>The functions and classes that a pickle of weights is made of; each stands for what it makes, and no code of the file's choosing runs.</summary>
enum TorchCall { OrderedDict, Set, RebuildTensor, RebuildTypedTensor, RebuildParameter, RebuildFromType, Size, Parameter }

/// <summary>
/// The names that a pickle of weights is made of, and the values of calling them. Other names, such as the options of the
/// program that trained the weights, is an object without contents.
/// </summary>
/// <param name="file">The file that holds the pickle.</param>
/// <param name="storage">Finds the storage that a reference names, or null where it names none.</param>
sealed class TorchPickle(WeightBytes file, Func<object?[], TorchStorage?> storage) : PickleDialect
{
    const int MaxRank = 16;

    public override string Writer => "PyTorch";

    public override object? Find(string name) => name switch
    {
        "collections.OrderedDict" or "builtins.dict" or "__builtin__.dict" => TorchCall.OrderedDict,
        "builtins.set" or "builtins.frozenset" or "__builtin__.set" or "__builtin__.frozenset" => TorchCall.Set,
        "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => TorchCall.RebuildTensor,
        "torch._utils._rebuild_tensor_v3" => TorchCall.RebuildTypedTensor,
        "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => TorchCall.RebuildParameter,
        "torch._tensor._rebuild_from_type" or "torch._tensor._rebuild_from_type_v2" => TorchCall.RebuildFromType,
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
        "torch.float8_e4m3fn" => WeightType.Float8E4M3,
        "torch.float8_e5m2" => WeightType.Float8E5M2,
        // A storage without a type of its own is one of bytes.
        "torch.ByteStorage" or "torch.storage.UntypedStorage" or "torch.storage._UntypedStorage" => new StorageClass(WeightType.UInt8),
        _ => null,
    };

    public override PickleObject Unknown(string name) => new(name);

    public override object? Call(Enum callee, object?[] arguments) => (callee, arguments) switch
    {
        (TorchCall.OrderedDict, []) => new PickleDict(),
        (TorchCall.OrderedDict, [List<object?> pairs]) => FromPairs(pairs),
        (TorchCall.Set, []) => new List<object?>(),
        (TorchCall.Set, [List<object?> items]) => items,
        // The remaining arguments (whether a gradient is wanted, hooks) do not affect the weights.
        (TorchCall.RebuildTensor, [TorchStorage storage, long offset, object?[] size, object?[] stride, ..]) => Tensor(storage, storage.Type, offset, size, stride),
        // A type that no class of storages has, over a storage of bytes.
        (TorchCall.RebuildTypedTensor, [TorchStorage storage, long offset, object?[] size, object?[] stride, _, _, WeightType type, ..]) => Tensor(storage, type, offset, size, stride),
        (TorchCall.RebuildTypedTensor, [_, _, _, _, _, _, PickleObject unknown, ..]) => unknown,
        (TorchCall.RebuildParameter or TorchCall.Parameter, [TorchTensor data, ..]) => data,
        // A tensor with attributes of its own: the function that makes the tensor, the class, the function's arguments, the attributes.
        (TorchCall.RebuildFromType, [TorchCall function and not TorchCall.RebuildFromType, _, object?[] values, ..]) => Call(function, values),
        // Of something that is not read, something that is not read is made.
        (_, [PickleObject unknown, ..]) => unknown,
        (TorchCall.Size, [object?[] size]) => size,
        _ => null,
    };

    /// <summary>State of an ordered dictionary (the versions of its modules) or of a parameter: nothing that the weights need.</summary>
    public override bool SetState(object? target, object? state) => target is PickleDict or TorchTensor;

    public override object? Find(object?[] reference) =>
        // A storage of a type that no weights have, or in the legacy format a module's source.
        reference is ["storage" or "module", PickleObject unknown, ..] ? unknown : storage(reference);

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

    static TorchTensor? Tensor(TorchStorage storage, WeightType type, long offset, object?[] size, object?[] stride) =>
        size.Length <= MaxRank && stride.Length == size.Length && Array.TrueForAll(size, value => value is long) && Array.TrueForAll(stride, value => value is long)
            ? new(storage, type, offset, Array.ConvertAll(size, value => (long)value!), Array.ConvertAll(stride, value => (long)value!))
            : null;
}
