using System.Numerics.Tensors;

namespace ResNet.Runtime;

public sealed partial class Tensor
{
    /// <summary>Copies the values of a tensor of System.Numerics.Tensors, in any layout.</summary>
    /// <param name="values">The values; their dimensions become <see cref="Shape"/>.</param>
    /// <exception cref="OverflowException">A dimension exceeds 2³¹ - 1.</exception>
    public Tensor(in ReadOnlyTensorSpan<float> values)
    {
        _shape = new int[values.Rank];
        for (var i = 0; i < _shape.Length; i++) _shape[i] = checked((int)values.Lengths[i]);
        _length = Count(_shape);
        _data = new float[_length];
        values.FlattenTo(_data);
    }

    /// <summary>The values as a span of System.Numerics.Tensors, over the same memory.</summary>
    public TensorSpan<float> AsTensorSpan() => new(OnHost(), Lengths());

    /// <summary>The values as a tensor of System.Numerics.Tensors, over the same memory.</summary>
    public System.Numerics.Tensors.Tensor<float> AsTensor() => System.Numerics.Tensors.Tensor.Create(OnHost(), Lengths());

    nint[] Lengths() => [.. _shape.Select(size => (nint)size)];
}
