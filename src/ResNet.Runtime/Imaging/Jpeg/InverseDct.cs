using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>
/// The inverse discrete cosine transform of 8 × 8 blocks in fixed point: the factorization of Loeffler, Ligtenberg and
/// Moschytz ("Practical Fast 1-D DCT Algorithms with 11 Multiplications", 1989), with 13 bit constants and 2 extra
/// bits between the passes, which gives libjpeg's accurate results exactly.
/// </summary>
static class InverseDct
{
    const int ConstantBits = 13, ExtraBits = 2;

    /// <summary>Transforms a block's coefficients into samples.</summary>
    /// <param name="block">64 quantized coefficients, row by row.</param>
    /// <param name="quantization">The 64 factors of the coefficients.</param>
    /// <param name="samples">Receives 8 rows of 8 samples.</param>
    /// <param name="stride">Samples from a row to the next.</param>
    [SkipLocalsInit]
    public static void Transform(ReadOnlySpan<short> block, ReadOnlySpan<int> quantization, Span<byte> samples, int stride)
    {
        Span<Vector256<int>> rows = stackalloc Vector256<int>[8];
        for (int row = 0; row < 8; row++)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(block[(8 * row)..]));
            rows[row] = Vector256.Create(low, high) * Vector256.Create(quantization[(8 * row)..]);
        }

        // A pass transforms all columns at once, each in a lane of its own; the rows are columns of the transpose.
        Pass(rows, ConstantBits - ExtraBits);
        Transpose(rows);
        Pass(rows, ConstantBits + ExtraBits + 3);
        Transpose(rows);
        for (int row = 0; row < 8; row++)
            SampleVector.Store(rows[row] + Vector256.Create(128), samples.Slice(row * stride, 8));
    }

    /// <summary>Transforms 8 vectors of values, lane by lane, in place, and drops <paramref name="shift"/> bits, rounding.</summary>
    static void Pass(Span<Vector256<int>> v, int shift)
    {
        var half = Vector256.Create(1 << (shift - 1));
        var (v0, v1, v2, v3, v4, v5, v6, v7) = (v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);

        // The names of the constants are their values, times 2 to the 13th.
        var rotated = (v2 + v6) * C0_541196100;
        var (even2, even3) = (rotated - v6 * C1_847759065, rotated + v2 * C0_765366865);
        var (even0, even1) = (((v0 + v4) << ConstantBits) + half, ((v0 - v4) << ConstantBits) + half);
        var (a0, a1, a2, a3) = (even0 + even3, even1 + even2, even1 - even2, even0 - even3);

        var (sum17, sum35) = ((v7 + v1) * -C0_899976223, (v5 + v3) * -C2_562915447);
        var (sum73, sum51) = (v7 + v3, v5 + v1);
        var both = (sum73 + sum51) * C1_175875602;
        sum73 = both - sum73 * C1_961570560;
        sum51 = both - sum51 * C0_390180644;
        var (b3, b2) = (v7 * C0_298631336 + sum17 + sum73, v5 * C2_053119869 + sum35 + sum51);
        var (b1, b0) = (v3 * C3_072711026 + sum35 + sum73, v1 * C1_501321110 + sum17 + sum51);

        v[0] = (a0 + b0) >> shift;
        v[7] = (a0 - b0) >> shift;
        v[1] = (a1 + b1) >> shift;
        v[6] = (a1 - b1) >> shift;
        v[2] = (a2 + b2) >> shift;
        v[5] = (a2 - b2) >> shift;
        v[3] = (a3 + b3) >> shift;
        v[4] = (a3 - b3) >> shift;
    }

    static void Transpose(Span<Vector256<int>> v)
    {
        if (!Avx2.IsSupported)
        {
            var values = MemoryMarshal.Cast<Vector256<int>, int>(v);
            for (int row = 0; row < 8; row++)
                for (int column = 0; column < row; column++)
                    (values[8 * row + column], values[8 * column + row]) = (values[8 * column + row], values[8 * row + column]);
            return;
        }
        // Pairs of values, then fours, within the halves; then the halves.
        Span<Vector256<long>> pairs = stackalloc Vector256<long>[8];
        for (int i = 0; i < 8; i += 2)
        {
            pairs[i] = Avx2.UnpackLow(v[i], v[i + 1]).AsInt64();
            pairs[i + 1] = Avx2.UnpackHigh(v[i], v[i + 1]).AsInt64();
        }
        for (int i = 0; i < 4; i++)
        {
            var (top, bottom) = (i / 2, 4 + i / 2);
            var (first, second) = i % 2 == 0
                ? (Avx2.UnpackLow(pairs[top], pairs[top + 2]), Avx2.UnpackLow(pairs[bottom], pairs[bottom + 2]))
                : (Avx2.UnpackHigh(pairs[top], pairs[top + 2]), Avx2.UnpackHigh(pairs[bottom], pairs[bottom + 2]));
            v[i] = Avx2.Permute2x128(first, second, 0x20).AsInt32();
            v[i + 4] = Avx2.Permute2x128(first, second, 0x31).AsInt32();
        }
    }

    const int
        C0_298631336 = 2446, C0_390180644 = 3196, C0_541196100 = 4433, C0_765366865 = 6270,
        C0_899976223 = 7373, C1_175875602 = 9633, C1_501321110 = 12299, C1_847759065 = 15137,
        C1_961570560 = 16069, C2_053119869 = 16819, C2_562915447 = 20995, C3_072711026 = 25172;
}
