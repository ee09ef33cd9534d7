using BenchmarkDotNet.Attributes;
using ResNet.Runtime;
using ResNet.Runtime.Evaluation;

namespace ResNet.Benchmarks.Networks;

/// <summary>Whole forward passes.</summary>
[MemoryDiagnoser]
public class InferenceBenchmarks
{
    CpuDevice device = null!;
    Network network = null!;
    Session session = null!;
    float[] images = [], logits = [];

    [Params(nameof(ResNet18), nameof(ResNet50), nameof(ResNeXt50), nameof(CifarResNet20), nameof(CifarResNet110))]
    public string Net { get; set; } = "";

    [Params(1, 8)]
    public int Batch { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        device = new(Threads);
        network = Zoo.Create(Net, device);
        session = network.CreateSession();
        images = Zoo.Images(network, Batch);
        logits = new float[Batch * (int)network.Definition.Output.Elements];
    }

    [Benchmark]
    public void Predict() => session.Predict(images, Batch, logits);

    [GlobalCleanup]
    public void Cleanup()
    {
        session.Dispose();
        network.Dispose();
        device.Dispose();
    }
}
