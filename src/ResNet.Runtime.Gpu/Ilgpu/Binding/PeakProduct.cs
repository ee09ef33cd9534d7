using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The greatest rate of a device with the present kernels: products of large matrices, as 1×1 convolutions.</summary>
static class PeakProduct
{
    const int Runs = 10, MostRows = 1 << 16;

    /// <summary>Multiply-adds of a product: long beside a launch, and not too long for a processor.</summary>
    const long Work = 1L << 35, WorkOfProcessor = 1L << 28;

    /// <summary>Floating-point operations per second: the best run, of matrices that fit caches or do not.</summary>
    public static double Measure(IlgpuDevice device) => Math.Max(Measure(device, channels: 256), Measure(device, channels: 1024));

    static double Measure(IlgpuDevice device, int channels)
    {
        var rows = (int)Math.Min(MostRows, (device.Info.IsProcessor ? WorkOfProcessor : Work) / channels / channels);
        var convolution = new ConvolutionLauncher(device, new(channels, channels, 1, 1), device.ConvolutionTiles);
        using var input = device.Upload(Values(rows * channels));
        using var weights = device.Upload(Values((int)convolution.PackedLength));
        using var output = device.Allocate<float>((long)rows * channels);
        var clock = new OperationClock();
        for (var i = 0; i <= Runs; i++)
        {
            using var timer = new OperationTimer(device.Stream, clock);
            convolution.Forward(rows, input.View, weights.View, Epilogues.Plain(output.View, new(channels, 1, 1)));
            timer.Mark(new Operation("product"), rows);
        }
        // The first one compiles the kernel.
        return 2.0 * rows * channels * channels / clock.Times.Skip(1).Min(time => time.Time.TotalSeconds);
    }

    /// <summary>Values of many bits: with zeros a device would be cooler, and faster, than it ever is.</summary>
    static float[] Values(int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = i % 1021 / 1021f - 0.5f;
        return values;
    }
}
