using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>
/// The inverse discrete cosine transform of 8 × 8 blocks in fixed point: the factorization of Loeffler, Ligtenberg and
/// Moschytz ("Practical Fast 1-D DCT Algorithms with 11 Multiplications", 1989), with 13 bit constants and 2 extra
/// bits between the passes, which gives libjpeg's accurate results exactly.
/// </summary>
static class InverseDct
{
    const int ConstantBits = 13, ExtraBits = 2;

    [SkipLocalsInit]
    public static void Transform(ReadOnlySpan<short> block, ReadOnlySpan<int> quantization, Span<byte> samples, int stride)
    {
        Span<int> work = stackalloc int[64];
        for (int i = 0; i < 64; i += Vector128<short>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(block[i..]));
            (low * Vector128.Create(quantization[i..])).CopyTo(work[i..]);
            (high * Vector128.Create(quantization[(i + 4)..])).CopyTo(work[(i + 4)..]);
        }

        for (int column = 0; column < 8; column++)
            Pass(ref work[column], 8, ConstantBits - ExtraBits);
        for (int row = 0; row < 8; row++)
        {
            Pass(ref work[8 * row], 1, ConstantBits + ExtraBits + 3);
            var values = work.Slice(8 * row, 8);
            var target = samples.Slice(row * stride, 8);
            for (int i = 0; i < 8; i++)
                target[i] = (byte)Math.Clamp(values[i] + 128, 0, 255);
        }
    }

    /// <summary>Transforms 8 values in place and drops <paramref name="shift"/> bits, rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Pass(ref int first, int step, int shift)
    {
        ref int v0 = ref first, v1 = ref Unsafe.Add(ref first, step), v2 = ref Unsafe.Add(ref first, 2 * step), v3 = ref Unsafe.Add(ref first, 3 * step);
        ref int v4 = ref Unsafe.Add(ref first, 4 * step), v5 = ref Unsafe.Add(ref first, 5 * step), v6 = ref Unsafe.Add(ref first, 6 * step), v7 = ref Unsafe.Add(ref first, 7 * step);
        int half = 1 << (shift - 1);
        if ((v1 | v2 | v3 | v4 | v5 | v6 | v7) == 0)
        {
            // Most columns of most blocks are flat.
            v0 = v1 = v2 = v3 = v4 = v5 = v6 = v7 = ((v0 << ConstantBits) + half) >> shift;
            return;
        }

        // The names of the constants are their values, times 2 to the 13th.
        int rotated = (v2 + v6) * C0_541196100;
        int even2 = rotated - v6 * C1_847759065, even3 = rotated + v2 * C0_765366865;
        int even0 = ((v0 + v4) << ConstantBits) + half, even1 = ((v0 - v4) << ConstantBits) + half;
        int a0 = even0 + even3, a1 = even1 + even2, a2 = even1 - even2, a3 = even0 - even3;

        int sum17 = -C0_899976223 * (v7 + v1), sum35 = -C2_562915447 * (v5 + v3);
        int sum73 = v7 + v3, sum51 = v5 + v1, both = (sum73 + sum51) * C1_175875602;
        sum73 = both - C1_961570560 * sum73;
        sum51 = both - C0_390180644 * sum51;
        int b3 = v7 * C0_298631336 + sum17 + sum73, b2 = v5 * C2_053119869 + sum35 + sum51;
        int b1 = v3 * C3_072711026 + sum35 + sum73, b0 = v1 * C1_501321110 + sum17 + sum51;

        v0 = (a0 + b0) >> shift;
        v7 = (a0 - b0) >> shift;
        v1 = (a1 + b1) >> shift;
        v6 = (a1 - b1) >> shift;
        v2 = (a2 + b2) >> shift;
        v5 = (a2 - b2) >> shift;
        v3 = (a3 + b3) >> shift;
        v4 = (a3 - b3) >> shift;
    }

    const int
        C0_298631336 = 2446, C0_390180644 = 3196, C0_541196100 = 4433, C0_765366865 = 6270,
        C0_899976223 = 7373, C1_175875602 = 9633, C1_501321110 = 12299, C1_847759065 = 15137,
        C1_961570560 = 16069, C2_053119869 = 16819, C2_562915447 = 20995, C3_072711026 = 25172;
}
