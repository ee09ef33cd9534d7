using System.Diagnostics;
using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Direct;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Benchmarks.Kernels;

/// <summary>
/// The convolutions of ResNet-50 that are convolved directly, one image, one thread, in percent of what the processor can do at
/// most. Its clock changes from moment to moment: a few milliseconds of each layer stand between two measurements of the peak.
/// </summary>
static class SharesOfPeak
{
    const int Slices = 60, PeakRuns = 20;
    const double SliceMilliseconds = 2;

    /// <summary>He et al. 2015, Table 1; what expands a bottleneck adds the shortcut.</summary>
    static readonly (ConvolutionShape Shape, bool Adds)[] _layers =
    [
        (new(3, 64, 224, 7, 2), false),
        (new(64, 64, 56, 1), false), (new(64, 256, 56, 1), true), (new(256, 64, 56, 1), false), (new(256, 128, 56, 1), false),
        (new(128, 512, 28, 1), true), (new(512, 128, 28, 1), false), (new(512, 256, 28, 1), false),
        (new(256, 1024, 14, 1), true), (new(1024, 256, 14, 1), false), (new(1024, 512, 14, 1), false),
        (new(512, 2048, 7, 1), true), (new(2048, 512, 7, 1), false),
        (new(256, 512, 56, 1, 2), false), (new(512, 1024, 28, 1, 2), false), (new(1024, 2048, 14, 1, 2), false),
        (new(128, 128, 56, 3, 2), false), (new(256, 256, 28, 3, 2), false), (new(512, 512, 14, 3, 2), false),
    ];

    /// <summary>Prints the share of each layer, the median of the slices.</summary>
    public static void Print()
    {
        using var workers = new CpuWorkers(threads: 1);
        foreach (var (shape, adds) in _layers)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape,-24} {100 * ShareOf(shape.Geometry, adds, workers),5:F1} %"));
    }

    static unsafe double ShareOf(ConvGeometry g, bool adds, CpuWorkers workers)
    {
        using var memory = new Memory();
        var input = memory.FeatureMaps(g.InChannels < ActivationLayout.BlockLanes
            ? ActivationLayout.Compact(g.InChannels, g.InHeight, g.InWidth, g.Padding)
            : ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth, g.Padding));
        var output = memory.FeatureMaps(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth));
        var epilogue = new KernelEpilogue { Relu = true, Residual = adds ? memory.FeatureMaps(output.Layout) : default };
        var convolution = memory.Own(new DirectConvolution(Correlation.Forward(g), input.Layout));
        convolution.Pack(memory.Values((int)g.WeightCount), scale: [], bias: []);

        double Milliseconds()
        {
            var start = Stopwatch.GetTimestamp();
            convolution.Run(input, output, epilogue, scratch: null, batch: 1, part: 0, parts: 1);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Milliseconds();
        var shares = new double[Slices];
        foreach (ref var share in shares.AsSpan())
        {
            var before = PeakRate.Measure(workers, PeakRuns);
            var fastest = double.PositiveInfinity;
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < SliceMilliseconds;)
                fastest = Math.Min(fastest, Milliseconds());
            share = 2e3 * g.MultiplyAdds / fastest / Math.Max(before, PeakRate.Measure(workers, PeakRuns));
        }
        Array.Sort(shares);
        return shares[Slices / 2];
    }
}
