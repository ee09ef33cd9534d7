using BenchmarkDotNet.Attributes;
using ResNet.Runtime;
using ResNet.Runtime.Evaluation;

namespace ResNet.Benchmarks.Networks;

/// <summary>Whole forward passes.</summary>
[MemoryDiagnoser]
public class InferenceBenchmarks
{
    CpuDevice _device = null!;
    Network _network = null!;
    Session _session = null!;
    float[] _images = [], _logits = [];

    [Params(nameof(ResNet18), nameof(ResNet50), nameof(ResNeXt50), nameof(CifarResNet20), nameof(CifarResNet110))]
    public string Net { get; set; } = "";

    [Params(1, 8)]
    public int Batch { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _device = new(Threads);
        _network = Zoo.Create(Net, _device);
        _session = _network.CreateSession();
        _images = Zoo.Images(_network, Batch);
        _logits = new float[Batch * (int)_network.Definition.Output.Elements];
    }

    [Benchmark]
    public void Predict() => _session.Predict(_images, Batch, _logits);

    [GlobalCleanup]
    public void Cleanup()
    {
        _session.Dispose();
        _network.Dispose();
        _device.Dispose();
    }
}
