using ResNet.Runtime.Cpu;
using ResNet.Runtime.Execution;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>What a device can do at most with the kernels that there are: a large product of matrices, as a 1×1 convolution.</summary>
static class PeakProduct
{
    const int Channels = 1024, Runs = 10;

    /// <summary>Floating-point operations per second, the best of several runs.</summary>
    public static double Measure(IlgpuBackend backend)
    {
        // Long beside a launch, and not too long for a processor.
        var rows = backend.Info.IsProcessor ? 256 : 32 * 1024;
        var convolution = new ConvolutionLauncher(backend, new(Channels, Channels, 1, 1));
        using var input = backend.Upload(Values(rows * Channels));
        using var weights = backend.Upload(Values((int)convolution.PackedLength));
        using var output = backend.Allocate<float>((long)rows * Channels);
        var clock = new OperationClock();
        for (var i = 0; i <= Runs; i++)
        {
            using var timer = new OperationTimer(backend.Stream, clock);
            convolution.Forward(rows, input.View, weights.View, Epilogues.Plain(output.View, new(Channels, 1, 1)));
            timer.Mark(new Operation("product"), rows);
        }
        // The first one compiles the kernel.
        return 2.0 * rows * Channels * Channels / clock.Times.Skip(1).Min(time => time.Time.TotalSeconds);
    }

    /// <summary>Values of many bits: with zeros a device would be cooler, and faster, than it ever is.</summary>
    static float[] Values(int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = i % 1021 / 1021f - 0.5f;
        return values;
    }
}
