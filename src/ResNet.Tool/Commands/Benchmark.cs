using System.Diagnostics;
using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Tool.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>Times the forward pass or the training step of a network with random weights on random images.</summary>
static class Benchmark
{
    const int WarmUpPasses = 3, LeastPasses = 5;
    const double WarmUpSeconds = 1;

    public static BenchReport Run(Model model, int batch, Device device, double seconds, bool isTraining, CancellationToken cancellation)
    {
        using var network = model.Create(device);
        _ = network.Parameters; // their random initialization is not what is timed

        var timer = Stopwatch.StartNew();
        var (pass, work) = isTraining ? Steps(network, batch, cancellation) : ForwardPasses(network, batch, cancellation);
        using var disposed = work;
        var load = timer.Elapsed.TotalMilliseconds;

        var first = pass();
        var warmUp = Repeat(pass, WarmUpPasses, WarmUpSeconds);
        var measured = Repeat(pass, LeastPasses, seconds);
        measured.Sort();

        // Backward multiplies as often as forward for the gradients of the inputs, and again for those of the weights.
        var multiplyAdds = network.Definition.Layers().Sum(layer => layer.MultiplyAdds) * (isTraining ? 3 : 1);
        TimingReport Timing(double milliseconds)
        {
            var perImage = milliseconds / batch;
            return new(perImage, 1000 / perImage, 2 * multiplyAdds / perImage / 1e6);
        }
        return new(
            model.Name, isTraining ? "training step" : "forward pass", device.Name, batch, (device as CpuDevice)?.Threads, multiplyAdds, load, first, warmUp.Count, measured.Count,
            Timing(measured[0]), Timing((measured[(measured.Count - 1) / 2] + measured[measured.Count / 2]) / 2), Process.GetCurrentProcess().PeakWorkingSet64);
    }

    static (Func<double> Pass, IDisposable Work) ForwardPasses(Network network, int batch, CancellationToken cancellation)
    {
        var session = network.CreateSession();
        var images = RandomImages(network, batch);
        var logits = new float[checked(batch * (int)network.Definition.Output.Elements)];
        return (() =>
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            session.Predict(images, batch, logits);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }, session);
    }

    static (Func<double> Pass, IDisposable Work) Steps(Network network, int batch, CancellationToken cancellation)
    {
        var classes = (int)network.Definition.Output.Elements;
        var steps = new TrainingSteps(network, new(RandomImages(network, batch), Enumerable.Range(0, batch).Select(image => image % classes).ToArray()));
        return (() =>
        {
            cancellation.ThrowIfCancellationRequested();
            return steps.Run();
        }, steps);
    }

    static List<double> Repeat(Func<double> pass, int least, double seconds)
    {
        var times = new List<double>();
        var timer = Stopwatch.StartNew();
        while (times.Count < least || timer.Elapsed.TotalSeconds < seconds) times.Add(pass());
        return times;
    }

    static float[] RandomImages(Network network, int batch)
    {
#pragma warning disable CA5394 // numbers to compute with, not secrets
        var random = new Random(1);
        var values = new float[checked(batch * (int)network.Definition.Input.Elements)];
        foreach (ref var value in values.AsSpan()) value = 2 * random.NextSingle() - 1;
#pragma warning restore CA5394
        return values;
    }
}
