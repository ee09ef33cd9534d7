using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu.Threads;

/// <summary>The greatest rate of the processor: fused multiply-adds on registers alone, in all threads at once.</summary>
static class PeakRate
{
    // A tenth of a millisecond: long beside handing out the work, short beside the interruptions of a busy machine.
    const int Steps = 100_000;

    const int Chains = 12;

    /// <summary>Multiply-adds of vectors that a thread does in one run, beside the few that join the chains.</summary>
    internal const long MultiplyAdds = (long)Chains * Steps;

    /// <summary>Floating-point operations per second, with the widest vectors of the processor, the best of many short runs.</summary>
    /// <param name="workers">The threads that multiply.</param>
    /// <param name="runs">Number of runs, of about a tenth of a millisecond each.</param>
    public static double Measure(CpuWorkers workers, int runs = 200) =>
        Vector512.IsHardwareAccelerated ? Measure<Vector512<float>, Multiply512>(workers, runs, Vector512<float>.Count)
        : Vector256.IsHardwareAccelerated ? Measure<Vector256<float>, Multiply256>(workers, runs, Vector256<float>.Count)
        : Measure<Vector128<float>, Multiply128>(workers, runs, Vector128<float>.Count);

    static double Measure<TVector, TMultiply>(CpuWorkers workers, int runs, int length) where TVector : struct where TMultiply : struct, IMultiply<TVector>
    {
        var job = new Job<TVector, TMultiply>();
        var best = double.PositiveInfinity;
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            workers.Run(job, workers.Count);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * MultiplyAdds * length * workers.Count / best;
    }

    sealed class Job<TVector, TMultiply> : ICpuJob where TVector : struct where TMultiply : struct, IMultiply<TVector>
    {
        public void Execute(int part, int parts) => Sink(Multiply<TVector, TMultiply>(TMultiply.Create(1.0000001f), TMultiply.Create(1e-9f)));
    }

    /// <summary>Twelve independent chains hide the latency of any processor's multiplier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static TVector Multiply<TVector, TMultiply>(TVector x, TVector y) where TVector : struct where TMultiply : struct, IMultiply<TVector>
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

    internal interface IMultiply<TVector>
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
