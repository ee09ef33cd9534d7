using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ResNet.Runtime.Weights.Files;

/// <summary>The layout of a tensor's elements in bytes: counts, strides, and conversion to single precision.</summary>
static class TensorLayout
{
    public static int Size(this WeightType type) => type switch
    {
        WeightType.Float64 or WeightType.Int64 => 8,
        WeightType.Float32 or WeightType.Int32 => 4,
        WeightType.Float16 or WeightType.BFloat16 or WeightType.Int16 => 2,
        _ => 1,
    };

    public static bool IsFloatingPoint(this WeightType type) =>
        type is WeightType.Float32 or WeightType.Float64 or WeightType.Float16 or WeightType.BFloat16 or WeightType.Float8E4M3 or WeightType.Float8E5M2;

    /// <summary>The product of the dimensions; false where one is negative or the product exceeds an <see cref="int"/>.</summary>
    public static bool TryCount(ImmutableArray<int> shape, out int count)
    {
        long product = 1;
        foreach (var dimension in shape)
        {
            product *= dimension;
            if (dimension < 0 || product > int.MaxValue)
            {
                count = 0;
                return false;
            }
        }
        count = (int)product;
        return true;
    }

    public static bool IsContiguous(ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        long expected = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            // The stride of a dimension of one is never stepped, and PyTorch leaves it arbitrary.
            if (shape[i] != 1 && strides[i] != expected)
                return false;
            expected *= shape[i];
        }
        return true;
    }

    /// <summary>The elements from the first to the last that the strides reach.</summary>
    /// <exception cref="OverflowException">They exceed a <see cref="long"/>.</exception>
    public static long Extent(ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        long last = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0)
                return 0;
            last = checked(last + (shape[i] - 1) * strides[i]);
        }
        return checked(last + 1);
    }

    /// <summary>Copies strided elements into row-major order.</summary>
    public static void Gather(ReadOnlySpan<byte> stored, Span<byte> rowMajor, int size, ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        switch (size)
        {
            case 8: Gather(MemoryMarshal.Cast<byte, long>(stored), MemoryMarshal.Cast<byte, long>(rowMajor), shape.AsSpan(), strides.AsSpan()); break;
            case 4: Gather(MemoryMarshal.Cast<byte, int>(stored), MemoryMarshal.Cast<byte, int>(rowMajor), shape.AsSpan(), strides.AsSpan()); break;
            case 2: Gather(MemoryMarshal.Cast<byte, short>(stored), MemoryMarshal.Cast<byte, short>(rowMajor), shape.AsSpan(), strides.AsSpan()); break;
            default: Gather(stored, rowMajor, shape.AsSpan(), strides.AsSpan()); break;
        }
    }

    static void Gather<T>(ReadOnlySpan<T> stored, Span<T> rowMajor, ReadOnlySpan<int> shape, ReadOnlySpan<long> strides)
    {
        if (rowMajor.IsEmpty)
            return;
        var index = new int[shape.Length];
        long position = 0;
        for (var i = 0; ; i++)
        {
            rowMajor[i] = stored[(int)position];
            var dimension = shape.Length - 1;
            for (; dimension >= 0 && ++index[dimension] == shape[dimension]; dimension--)
            {
                index[dimension] = 0;
                position -= (shape[dimension] - 1) * strides[dimension];
            }
            if (dimension < 0)
                return;
            position += strides[dimension];
        }
    }

    /// <summary>
    /// Converts to single precision. Floating point is rounded; integers must be exact, since an integer among weights is
    /// a count or an index, and a finite number must stay finite.
    /// Returns false, and the first <paramref name="stray"/> value, where one cannot be converted.
    /// </summary>
    public static bool TryToSingle(WeightType type, ReadOnlySpan<byte> bytes, Span<float> values, out string? stray)
    {
        stray = null;
        switch (type)
        {
            case WeightType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                return true;
            case WeightType.Float16:
                var halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)halves[i];
                return true;
            case WeightType.BFloat16:
                var tops = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.UInt32BitsToSingle((uint)tops[i] << 16);
                return true;
            case WeightType.Float8E4M3:
                for (var i = 0; i < values.Length; i++)
                    values[i] = FloatFormats.FromE4M3(bytes[i]);
                return true;
            case WeightType.Float8E5M2:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BitConverter.UInt16BitsToHalf((ushort)(bytes[i] << 8));
                return true;
            case WeightType.Float64:
                var doubles = MemoryMarshal.Cast<byte, double>(bytes);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (float)doubles[i];
                    if (float.IsInfinity(values[i]) && double.IsFinite(doubles[i]))
                        stray ??= doubles[i].ToString(CultureInfo.InvariantCulture);
                }
                return stray is null;
            case WeightType.Int64:
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                for (var i = 0; i < values.Length; i++)
                    values[i] = Exact(longs[i], ref stray);
                return stray is null;
            case WeightType.Int32:
                var ints = MemoryMarshal.Cast<byte, int>(bytes);
                for (var i = 0; i < values.Length; i++)
                    values[i] = Exact(ints[i], ref stray);
                return stray is null;
            case WeightType.Int16:
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                for (var i = 0; i < values.Length; i++)
                    values[i] = shorts[i];
                return true;
            case WeightType.Int8:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (sbyte)bytes[i];
                return true;
            case WeightType.UInt8:
                for (var i = 0; i < values.Length; i++)
                    values[i] = bytes[i];
                return true;
            default:
                for (var i = 0; i < values.Length; i++)
                    values[i] = bytes[i] == 0 ? 0 : 1;
                return true;
        }
    }

    static float Exact(long value, ref string? stray)
    {
        // Int128: converting a single of 2^63 back to a long would saturate, and look exact.
        var single = (float)value;
        if ((Int128)single != value)
            stray ??= value.ToString(CultureInfo.InvariantCulture);
        return single;
    }
}
