using System.Globalization;
using System.Runtime.InteropServices;

namespace ResNet.Runtime.Weights.Files;

/// <summary>Conversions among the formats of floating-point numbers that .NET does not have.</summary>
static class FloatFormats
{
    /// <summary>Reads a byte of 1 bit of sign, 4 of exponent with a bias of 7, 3 of mantissa; all ones but the sign is no number.</summary>
    public static float FromE4M3(byte bits)
    {
        if ((bits & 0x7F) == 0x7F) return float.NaN;
        // In the places of a half, subnormal or not, the bias is 15 instead of 7.
        return (float)BitConverter.UInt16BitsToHalf((ushort)((bits & 0x80) << 8 | (bits & 0x7F) << 7)) * 256;
    }

    /// <summary>The bits of the nearest bfloat16, of two the even one.</summary>
    public static ushort ToBFloat16(double value)
    {
        var bits = BitConverter.SingleToUInt32Bits(RoundToOdd(value));
        // A value that is no number stays none, whichever of its bits were set.
        return (ushort)(double.IsNaN(value) ? bits >> 16 | 0x40 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>
    /// Converts floating point to single, half or bfloat16, each element rounded to the nearest, of two the even one. Returns false, and the
    /// first <paramref name="stray"/> value, where a finite one is beyond the type's range.
    /// </summary>
    public static bool TryConvert(WeightType from, ReadOnlySpan<byte> bytes, WeightType to, Span<byte> converted, out string? stray)
    {
        stray = null;
        var doubles = from == WeightType.Float64 ? MemoryMarshal.Cast<byte, double>(bytes) : default;
        var singles = new float[from == WeightType.Float64 ? 0 : bytes.Length / from.Size()];
        if (from != WeightType.Float64) TensorLayout.TryToSingle(from, bytes, singles, out _);
        for (var i = 0; i < converted.Length / to.Size(); i++)
        {
            var value = from == WeightType.Float64 ? doubles[i] : singles[i];
            if (!Write(value, to, converted[(i * to.Size())..]) && double.IsFinite(value)) stray ??= value.ToString(CultureInfo.InvariantCulture);
        }
        return stray is null;
    }

    /// <summary>Writes a number; false if the type has none near it.</summary>
    static bool Write(double value, WeightType type, Span<byte> to)
    {
        switch (type)
        {
            case WeightType.Float32:
                MemoryMarshal.Write(to, (float)value);
                return float.IsFinite((float)value);
            case WeightType.Float16:
                MemoryMarshal.Write(to, (Half)value);
                return Half.IsFinite((Half)value);
            default:
                var bits = ToBFloat16(value);
                MemoryMarshal.Write(to, bits);
                return (bits & 0x7F80) != 0x7F80;
        }
    }

    /// <summary>
    /// Rounds to single precision so that rounding once more, to a format of fewer bits, gives what rounding at once would: what lies
    /// between two singles becomes the one of them whose last bit is set (Boldo and Melquiond 2008, "Emulation of FMA and Correctly Rounded Sums").
    /// </summary>
    static float RoundToOdd(double value)
    {
        var single = (float)value;
        if (single == value || double.IsNaN(value)) return single;
        var bits = BitConverter.SingleToUInt32Bits(single);
        if (Math.Abs((double)single) > Math.Abs(value)) bits--;
        return BitConverter.UInt32BitsToSingle(bits | 1);
    }
}
