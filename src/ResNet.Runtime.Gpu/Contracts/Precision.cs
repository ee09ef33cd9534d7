namespace ResNet.Runtime;

/// <summary>
/// The rounding of the operands of convolutions on a <see cref="GpuDevice"/>, forward and for both gradients. Everything
/// else is float32 in each case: values in memory, the sums, dense layers, normalization and gradient descent.
/// </summary>
public enum Precision
{
    /// <summary>Operands are float32, as they are in memory.</summary>
    Single,

    /// <summary>
    /// NVIDIA's TF32 by tensor cores: 10 bits after the point and the range of float32. An operand is off by 2⁻¹¹ of itself
    /// at most.
    /// </summary>
    TensorFloat32,

    /// <summary>
    /// bfloat16 by tensor cores: 7 bits after the point and the range of float32. An operand is off by 2⁻⁸ of itself at most.
    /// </summary>
    BFloat16,
}
