namespace ResNet.Runtime;

/// <summary>The element types that a weights file may store. Reading converts each of them to <see cref="float"/>.</summary>
public enum WeightType
{
    /// <summary>IEEE 754 single precision: safetensors' F32, PyTorch's float.</summary>
    Float32,
    /// <summary>IEEE 754 double precision: F64, double.</summary>
    Float64,
    /// <summary>IEEE 754 half precision: F16, half.</summary>
    Float16,
    /// <summary>The upper half of a single: BF16, bfloat16.</summary>
    BFloat16,
    /// <summary>64-bit signed integer: I64, long.</summary>
    Int64,
    /// <summary>32-bit signed integer: I32, int.</summary>
    Int32,
    /// <summary>16-bit signed integer: I16, short.</summary>
    Int16,
    /// <summary>8-bit signed integer: I8, char.</summary>
    Int8,
    /// <summary>8-bit unsigned integer: U8, byte.</summary>
    UInt8,
    /// <summary>One byte, zero for false: BOOL, bool.</summary>
    Bool,
    /// <summary>One byte of 4 bits of exponent and 3 of mantissa, without infinities: F8_E4M3, float8_e4m3fn.</summary>
    Float8E4M3,
    /// <summary>One byte of 5 bits of exponent and 2 of mantissa, the upper half of a half: F8_E5M2, float8_e5m2.</summary>
    Float8E5M2,
}
