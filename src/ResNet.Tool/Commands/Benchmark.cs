using System.Diagnostics;
using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Tool.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>Times the forward pass of a network with random weights on random images.</summary>
static class Benchmark
{
    const int WarmUpPasses = 3, LeastPasses = 5;
    const double WarmUpSeconds = 1;

    public static BenchReport Run(Model model, int batch, Device device, double seconds, CancellationToken cancellation)
    {
        using var network = model.Create(device);
        var definition = network.Definition;
        var multiplyAdds = definition.Layers().Sum(layer => layer.MultiplyAdds);
        var images = RandomImages(checked(batch * (int)definition.Input.Elements));
        var logits = new float[checked(batch * (int)definition.Output.Elements)];
        _ = network.Parameters; // their random initialization is not what is timed

        var timer = Stopwatch.StartNew();
        using var session = network.CreateSession();
        var load = timer.Elapsed.TotalMilliseconds;

        double Pass()
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            session.Predict(images, batch, logits);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        var first = Pass();
        var warmUp = Repeat(Pass, WarmUpPasses, WarmUpSeconds);
        var measured = Repeat(Pass, LeastPasses, seconds);
        measured.Sort();

        TimingReport Timing(double milliseconds)
        {
            var perImage = milliseconds / batch;
            return new(perImage, 1000 / perImage, 2 * multiplyAdds / perImage / 1e6);
        }
        return new(
            model.Name, device.Name, batch, (device as CpuDevice)?.Threads, multiplyAdds, load, first, warmUp.Count, measured.Count,
            Timing(measured[0]), Timing((measured[(measured.Count - 1) / 2] + measured[measured.Count / 2]) / 2));
    }

    static List<double> Repeat(Func<double> pass, int least, double seconds)
    {
        var times = new List<double>();
        var timer = Stopwatch.StartNew();
        while (times.Count < least || timer.Elapsed.TotalSeconds < seconds) times.Add(pass());
        return times;
    }

    static float[] RandomImages(int length)
    {
#pragma warning disable CA5394 // numbers to compute with, not secrets
        var random = new Random(1);
        var values = new float[length];
        foreach (ref var value in values.AsSpan()) value = 2 * random.NextSingle() - 1;
#pragma warning restore CA5394
        return values;
    }
}
