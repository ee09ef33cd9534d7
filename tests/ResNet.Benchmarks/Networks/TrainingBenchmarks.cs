using BenchmarkDotNet.Attributes;
using ResNet.Runtime;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Benchmarks.Networks;

/// <summary>Forward pass, loss and backward pass; without the update.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    CpuDevice device = null!;
    Network network = null!;
    TrainingSession session = null!;
    float[] images = [];
    int[] labels = [];

    [Params(nameof(CifarResNet20), nameof(ResNet18))]
    public string Net { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        device = new(Threads);
        network = Zoo.Create(Net, device);
        session = network.CreateTrainingSession();
        // The batch of He et al. 2015, section 4.2; images of 224×224 take fifty times the memory.
        var batch = Net == nameof(CifarResNet20) ? 128 : 8;
        images = Zoo.Images(network, batch);
        labels = [.. Enumerable.Range(0, batch).Select(image => image % 10)];
    }

    [Benchmark]
    public StepResult Step() => session.Run(images, labels);

    [GlobalCleanup]
    public void Cleanup()
    {
        session.Dispose();
        network.Dispose();
        device.Dispose();
    }
}
