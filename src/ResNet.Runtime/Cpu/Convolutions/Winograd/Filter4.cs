using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>The matrices of F(4×4, 3×3), which evaluates polynomials at 0, ±1, ±2 and infinity.</summary>
static unsafe class Filter4
{
    public readonly struct Input : ILineTransform
    {
        public static int From => 6;
        public static int To => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var d1 = Vector512.Load(from + fromStep);
            var d2 = Vector512.Load(from + 2 * fromStep);
            var d3 = Vector512.Load(from + 3 * fromStep);
            var d4 = Vector512.Load(from + 4 * fromStep);
            AddProduct(4, Vector512.Load(from), AddProduct(-5, d2, d4)).Store(to);
            AddProduct(4, d1, AddProduct(-5, d3, Vector512.Load(from + 5 * fromStep))).Store(to + 5 * toStep);
            var even = AddProduct(-4, d2, d4);
            var odd = AddProduct(-4, d1, d3);
            (even + odd).Store(to + toStep);
            (even - odd).Store(to + 2 * toStep);
            even = d4 - d2;
            odd = d3 - d1;
            AddProduct(2, odd, even).Store(to + 3 * toStep);
            AddProduct(-2, odd, even).Store(to + 4 * toStep);
        }
    }

    public readonly struct Weights : ILineTransform
    {
        public static int From => 3;
        public static int To => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var g0 = Vector512.Load(from);
            var g1 = Vector512.Load(from + fromStep);
            var g2 = Vector512.Load(from + 2 * fromStep);
            (g0 * (1f / 4)).Store(to);
            var even = (g0 + g2) * (-1f / 6);
            AddProduct(-1f / 6, g1, even).Store(to + toStep);
            AddProduct(1f / 6, g1, even).Store(to + 2 * toStep);
            even = AddProduct(1f / 24, g0, g2 * (1f / 6));
            AddProduct(1f / 12, g1, even).Store(to + 3 * toStep);
            AddProduct(-1f / 12, g1, even).Store(to + 4 * toStep);
            g2.Store(to + 5 * toStep);
        }
    }

    public readonly struct Output : ILineTransform
    {
        public static int From => 6;
        public static int To => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var m1 = Vector512.Load(from + fromStep);
            var m2 = Vector512.Load(from + 2 * fromStep);
            var m3 = Vector512.Load(from + 3 * fromStep);
            var m4 = Vector512.Load(from + 4 * fromStep);
            var (sum1, difference1) = (m1 + m2, m1 - m2);
            var (sum2, difference2) = (m3 + m4, m3 - m4);
            (Vector512.Load(from) + sum1 + sum2).Store(to);
            AddProduct(2, difference2, difference1).Store(to + toStep);
            AddProduct(4, sum2, sum1).Store(to + 2 * toStep);
            (AddProduct(8, difference2, difference1) + Vector512.Load(from + 5 * fromStep)).Store(to + 3 * toStep);
        }
    }

    public readonly struct OutputGradient : ILineTransform
    {
        public static int From => 4;
        public static int To => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var y0 = Vector512.Load(from);
            var y1 = Vector512.Load(from + fromStep);
            var y2 = Vector512.Load(from + 2 * fromStep);
            var y3 = Vector512.Load(from + 3 * fromStep);
            y0.Store(to);
            var (even, odd) = (y0 + y2, y1 + y3);
            (even + odd).Store(to + toStep);
            (even - odd).Store(to + 2 * toStep);
            even = AddProduct(4, y2, y0);
            odd = AddProduct(4, y3, y1);
            AddProduct(2, odd, even).Store(to + 3 * toStep);
            AddProduct(-2, odd, even).Store(to + 4 * toStep);
            y3.Store(to + 5 * toStep);
        }
    }

    public readonly struct WeightGradient : ILineTransform
    {
        public static int From => 6;
        public static int To => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var u1 = Vector512.Load(from + fromStep);
            var u2 = Vector512.Load(from + 2 * fromStep);
            var u3 = Vector512.Load(from + 3 * fromStep);
            var u4 = Vector512.Load(from + 4 * fromStep);
            var sum1 = (u1 + u2) * (-1f / 6);
            var sum2 = u3 + u4;
            AddProduct(1f / 24, sum2, AddProduct(1f / 4, Vector512.Load(from), sum1)).Store(to);
            AddProduct(1f / 12, u3 - u4, (u2 - u1) * (1f / 6)).Store(to + toStep);
            (AddProduct(1f / 6, sum2, sum1) + Vector512.Load(from + 5 * fromStep)).Store(to + 2 * toStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> AddProduct(float factor, Vector512<float> value, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(Vector512.Create(factor), value, sum);
}
