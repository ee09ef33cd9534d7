using System.Diagnostics;
using ResNet.Runtime;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Evaluation;
using ResNet.Tool.Output;

namespace ResNet.Tool.Benchmarking;

/// <summary>Times the forward pass or the training step of a network with random weights on random images: the whole, then layer by layer.</summary>
/// <param name="Name">Name of the network, for people.</param>
/// <param name="Create">Makes the network, which the benchmark disposes.</param>
/// <param name="Batch">Images at a time.</param>
/// <param name="Device">The device.</param>
/// <param name="Seconds">The seconds for measuring the whole, and the same again for the layers.</param>
/// <param name="IsTraining">Whether it is training steps.</param>
/// <param name="IsPlanned">Whether the network is planned at run time.</param>
sealed record Benchmark(string Name, Func<Network> Create, int Batch, Device Device, double Seconds, bool IsTraining = false, bool IsPlanned = false)
{
    public const string TrainingStep = "training step";
    const int WarmUpPasses = 3, LeastPasses = 5;
    const double WarmUpSeconds = 1;

    public BenchReport Run(Action<Step> report, CancellationToken cancellationToken)
    {
        // Before the network takes the device's memory.
        var peak = Device.MeasurePeak();
        using var network = IsPlanned ? PlannedTwin() : Create();
        _ = network.Parameters; // their random initialization is not what is timed

        var timer = Stopwatch.StartNew();
        using var measured = Begin(network);
        var load = timer.Elapsed.TotalMilliseconds;

        var first = measured.Run();
        var warmUp = Repeat(measured.Run, WarmUpPasses, WarmUpSeconds, "Warming up", report, cancellationToken);
        var times = Repeat(measured.Run, LeastPasses, Seconds, IsTraining ? "Measuring steps" : "Measuring passes", report, cancellationToken);
        times.Sort();
        var memory = Process.GetCurrentProcess().PeakWorkingSet64;

        var fastest = new FastestTimes();
        foreach (var operations in Repeat(measured.Profile, LeastPasses, Seconds, "Measuring layers", report, cancellationToken)) fastest.Add(operations);
        var layers = new LayerTimes(network.Definition, fastest.Operations, peak);

        // Backward multiplies as often as forward for the gradients of the inputs, and again for those of the weights.
        var multiplyAdds = network.Definition.Layers().Sum(layer => layer.MultiplyAdds) * (IsTraining ? 3 : 1);
        TimingReport Timing(double milliseconds)
        {
            var perImage = milliseconds / Batch;
            return new(perImage, 1000 / perImage, 2 * multiplyAdds / perImage / 1e6);
        }
        return new(
            IsPlanned ? $"{Name}, planned" : Name, IsTraining ? TrainingStep : "forward pass", Device.Name, Batch, (Device as CpuDevice)?.Threads, multiplyAdds, load, first,
            warmUp.Count, times.Count, Timing(times[0]), Timing((times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2), memory, peak / 1e9,
            layers.Layers(), layers.Sum(),
            IsTraining ? Math.Max(0, times[0] - fastest.Pass.TotalMilliseconds) : null);
    }

    /// <summary>The network as it is when only its definition is known; it is planned when it is first used.</summary>
    Network PlannedTwin()
    {
        using var compiled = Create();
        return Network.Create(compiled.Definition, Device);
    }

    IMeasured Begin(Network network)
    {
        var images = RandomImages(network);
        if (!IsTraining) return new ForwardPasses(network, images, Batch);
        var classes = (int)network.Definition.Output.Elements;
        return new TrainingSteps(network, new(images, Enumerable.Range(0, Batch).Select(image => image % classes).ToArray()));
    }

    static List<T> Repeat<T>(Func<T> pass, int least, double seconds, string text, Action<Step> report, CancellationToken cancellationToken)
    {
        var results = new List<T>();
        var timer = Stopwatch.StartNew();
        while (results.Count < least || timer.Elapsed.TotalSeconds < seconds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(pass());
            report(new(Math.Min(results.Count / (double)least, timer.Elapsed.TotalSeconds / seconds), 1, text));
        }
        return results;
    }

    float[] RandomImages(Network network)
    {
#pragma warning disable CA5394 // numbers to compute with, not secrets
        var random = new Random(1);
        var values = new float[checked(Batch * (int)network.Definition.Input.Elements)];
        foreach (ref var value in values.AsSpan()) value = 2 * random.NextSingle() - 1;
#pragma warning restore CA5394
        return values;
    }
}
