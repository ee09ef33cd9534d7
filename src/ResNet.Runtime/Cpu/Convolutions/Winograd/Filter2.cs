using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

/// <summary>The matrices of F(2×2, 3×3), which evaluates polynomials at 0, 1, −1 and infinity.</summary>
static unsafe class Filter2
{
    public readonly struct Input : ILineTransform
    {
        public static int From => 4;
        public static int To => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var d0 = Vector512.Load(from);
            var d1 = Vector512.Load(from + fromStep);
            var d2 = Vector512.Load(from + 2 * fromStep);
            var d3 = Vector512.Load(from + 3 * fromStep);
            (d0 - d2).Store(to);
            (d1 + d2).Store(to + toStep);
            (d2 - d1).Store(to + 2 * toStep);
            (d1 - d3).Store(to + 3 * toStep);
        }
    }

    public readonly struct Weights : ILineTransform
    {
        public static int From => 3;
        public static int To => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var g0 = Vector512.Load(from);
            var g1 = Vector512.Load(from + fromStep) * 0.5f;
            var g2 = Vector512.Load(from + 2 * fromStep);
            var even = (g0 + g2) * 0.5f;
            g0.Store(to);
            (even + g1).Store(to + toStep);
            (even - g1).Store(to + 2 * toStep);
            g2.Store(to + 3 * toStep);
        }
    }

    public readonly struct Output : ILineTransform
    {
        public static int From => 4;
        public static int To => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var m1 = Vector512.Load(from + fromStep);
            var m2 = Vector512.Load(from + 2 * fromStep);
            (Vector512.Load(from) + m1 + m2).Store(to);
            (m1 - m2 - Vector512.Load(from + 3 * fromStep)).Store(to + toStep);
        }
    }

    public readonly struct OutputGradient : ILineTransform
    {
        public static int From => 2;
        public static int To => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var y0 = Vector512.Load(from);
            var y1 = Vector512.Load(from + fromStep);
            y0.Store(to);
            (y0 + y1).Store(to + toStep);
            (y0 - y1).Store(to + 2 * toStep);
            (-y1).Store(to + 3 * toStep);
        }
    }

    public readonly struct WeightGradient : ILineTransform
    {
        public static int From => 4;
        public static int To => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, nint fromStep, float* to, nint toStep)
        {
            var u1 = Vector512.Load(from + fromStep) * 0.5f;
            var u2 = Vector512.Load(from + 2 * fromStep) * 0.5f;
            var even = u1 + u2;
            (Vector512.Load(from) + even).Store(to);
            (u1 - u2).Store(to + toStep);
            (even + Vector512.Load(from + 3 * fromStep)).Store(to + 2 * toStep);
        }
    }
}
