namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The formats of tensor cores, by the bits of a float32.</summary>
static class Rounding
{
    const uint Infinity = 0x7F80_0000, Sign = 0x8000_0000;

    /// <summary>Ten bits behind the point, in the upper 19 of a word; to nearest, what lies in the middle away from zero.</summary>
    public static uint TensorFloat32(uint bits) => (bits & ~Sign) >= Infinity ? bits : (bits + 0x1000) & ~0x1FFFu;

    /// <summary>Seven bits behind the point, in 16; to nearest, what lies in the middle to even.</summary>
    public static uint BFloat16(uint bits) => (bits & ~Sign) switch
    {
        > Infinity => 0x7FFF,
        Infinity => bits >> 16,
        _ => (bits + 0x7FFF + (bits >> 16 & 1)) >> 16,
    };

    /// <summary>Rounds an operand of a product.</summary>
    public static float Of(Precision precision, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return precision switch
        {
            Precision.TensorFloat32 => BitConverter.UInt32BitsToSingle(TensorFloat32(bits)),
            Precision.BFloat16 => BitConverter.UInt32BitsToSingle(BFloat16(bits) << 16),
            _ => value,
        };
    }
}
