using ResNet.Runtime.Weights.Files;

namespace ResNet.Runtime.Weights.PyTorch;

/// <summary>A storage class, as <c>torch.FloatStorage</c>: the type of the numbers in a storage.</summary>
sealed record StorageClass(WeightType Type);

/// <summary>The numbers that one or more tensors share.</summary>
sealed class TorchStorage(WeightType type, long count)
{
    public WeightType Type { get; } = type;

    /// <summary>The number of elements.</summary>
    public long Count { get; } = count;

    /// <summary>The position of the first element in the file; the legacy format gives it only after the pickle.</summary>
    public long? Offset { get; set; }

    public long Bytes => checked(Count * Type.Size());
}

/// <summary>A view of a storage; offset and strides count elements of the type.</summary>
sealed record TorchTensor(TorchStorage Storage, WeightType Type, long Offset, long[] Size, long[] Stride);
