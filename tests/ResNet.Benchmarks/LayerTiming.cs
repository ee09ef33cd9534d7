using System.Diagnostics;
using ResNet.Runtime.Cpu;

namespace ResNet.Benchmarks;

/// <summary>Times each step of a forward pass, and the whole of it, as minima over many repetitions.</summary>
static class LayerTiming
{
    const int Passes = 40;

    public static void Run(string network, int batch, int threads)
    {
        using var pass = new ForwardPass(network, batch);
        using var workers = new CpuWorkers(threads);
        var peak = Peak.Measure() * threads;
        var best = new double[pass.Steps.Count];
        Array.Fill(best, double.PositiveInfinity);
        var whole = double.PositiveInfinity;

        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n < Passes; n++)
        {
            var passStart = Stopwatch.GetTimestamp();
            for (var i = 0; i < best.Length; i++)
            {
                // In the order of the pass, so that each step finds the caches as it would.
                var stepStart = Stopwatch.GetTimestamp();
                workers.Run(pass.Steps[i], threads);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(stepStart).TotalMilliseconds);
            }
            var elapsed = Stopwatch.GetElapsedTime(passStart).TotalMilliseconds;
            if (n == 0) Console.WriteLine($"first pass {elapsed:F1} ms");
            whole = Math.Min(whole, elapsed);
        }

        Console.WriteLine($"{network}, batch {batch}, {threads} threads, {TileSet.Best}; peak {peak:F1} GFLOP/s");
        Console.WriteLine($"{"step",-36} {"ms",9} {"GFLOP/s",9} {"of peak",8}");
        for (var i = 0; i < best.Length; i++)
        {
            var rate = pass.Steps[i].MultiplyAdds * 2 / best[i] / 1e6;
            Console.WriteLine($"{pass.Steps[i].Name,-36} {best[i],9:F3} {rate,9:F1} {rate / peak,8:P0}");
        }
        var total = pass.Steps.Sum(step => step.MultiplyAdds) * 2 / 1e6;
        Console.WriteLine($"{"sum of minima",-36} {best.Sum(),9:F3} {total / best.Sum(),9:F1} {total / best.Sum() / peak,8:P0}");
        Console.WriteLine($"{"best pass",-36} {whole,9:F3} {total / whole,9:F1} {total / whole / peak,8:P0}");
        Console.WriteLine($"{Passes} passes in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
    }
}
