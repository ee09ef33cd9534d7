using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Benchmarks;

/// <summary>What a core can do at most: fused multiply-adds on registers alone.</summary>
static class Peak
{
    const int Steps = 20_000;

    /// <summary>GFLOP/s of one thread with the widest vectors of the processor, the best of many short runs.</summary>
    public static double Measure() =>
        Vector512.IsHardwareAccelerated ? Measure<Vector512<float>, Multiply512>(Vector512<float>.Count)
        : Vector256.IsHardwareAccelerated ? Measure<Vector256<float>, Multiply256>(Vector256<float>.Count)
        : Measure<Vector128<float>, Multiply128>(Vector128<float>.Count);

    static double Measure<TVector, TMultiply>(int length) where TVector : struct where TMultiply : struct, IMultiply<TVector>
    {
        const int chains = 12;
        var best = double.PositiveInfinity;
        for (var i = 0; i < 300; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Sink(Chains<TVector, TMultiply>(TMultiply.Create(1.0000001f), TMultiply.Create(1e-9f)));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * chains * length * Steps / best / 1e9;
    }

    /// <summary>Twelve independent chains hide the latency of any processor's multiplier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static TVector Chains<TVector, TMultiply>(TVector x, TVector y) where TVector : struct where TMultiply : struct, IMultiply<TVector>
    {
        TVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (var n = 0; n < Steps; n++)
        {
            a = TMultiply.Add(a, x, y);
            b = TMultiply.Add(b, x, y);
            c = TMultiply.Add(c, x, y);
            d = TMultiply.Add(d, x, y);
            e = TMultiply.Add(e, x, y);
            f = TMultiply.Add(f, x, y);
            g = TMultiply.Add(g, x, y);
            h = TMultiply.Add(h, x, y);
            i = TMultiply.Add(i, x, y);
            j = TMultiply.Add(j, x, y);
            k = TMultiply.Add(k, x, y);
            l = TMultiply.Add(l, x, y);
        }
        a = TMultiply.Add(TMultiply.Add(a, b, c), TMultiply.Add(d, e, f), y);
        return TMultiply.Add(TMultiply.Add(a, g, h), TMultiply.Add(i, j, k), l);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Sink<TVector>(TVector value) => _ = value;

    interface IMultiply<TVector>
    {
        static abstract TVector Create(float value);
        static abstract TVector Add(TVector a, TVector b, TVector c);
    }

    readonly struct Multiply512 : IMultiply<Vector512<float>>
    {
        public static Vector512<float> Create(float value) => Vector512.Create(value);
        public static Vector512<float> Add(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.MultiplyAddEstimate(a, b, c);
    }

    readonly struct Multiply256 : IMultiply<Vector256<float>>
    {
        public static Vector256<float> Create(float value) => Vector256.Create(value);
        public static Vector256<float> Add(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);
    }

    readonly struct Multiply128 : IMultiply<Vector128<float>>
    {
        public static Vector128<float> Create(float value) => Vector128.Create(value);
        public static Vector128<float> Add(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);
    }
}
