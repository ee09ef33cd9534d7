using BenchmarkDotNet.Attributes;
using ResNet.Runtime;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Benchmarks.Networks;

/// <summary>Forward pass, loss and backward pass; without the update.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    CpuDevice _device = null!;
    Network _network = null!;
    TrainingSession _session = null!;
    float[] _images = [];
    int[] _labels = [];

    [Params(nameof(CifarResNet20), nameof(ResNet18))]
    public string Net { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _device = new(Threads);
        _network = Zoo.Create(Net, _device);
        _session = _network.CreateTrainingSession();
        // The batch of He et al. 2015, section 4.2; images of 224×224 take fifty times the memory.
        var batch = Net == nameof(CifarResNet20) ? 128 : 8;
        _images = Zoo.Images(_network, batch);
        _labels = [.. Enumerable.Range(0, batch).Select(image => image % 10)];
    }

    [Benchmark]
    public StepResult Step() => _session.Run(_images, _labels);

    [GlobalCleanup]
    public void Cleanup()
    {
        _session.Dispose();
        _network.Dispose();
        _device.Dispose();
    }
}
