using BenchmarkDotNet.Attributes;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Evaluation;

namespace ResNet.Benchmarks.Kernels;

/// <summary>Batch normalization with its ReLU, forward and back, one thread: sweeps that memory limits.</summary>
public unsafe class NormalizationBenchmarks
{
    readonly Memory memory = new();
    BatchNormalization norm = null!;
    FeatureMaps input, output, gradient, target;
    float[] scale = [], shift = [], mean = [], variance = [], scaleGradient = [], shiftGradient = [];

    [Params("16 at 32, batch 128", "64 at 56, batch 8", "512 at 7, batch 8")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var (channels, size, batch) = Sizes;
        var layout = ActivationLayout.Blocked(channels, size, size);
        (input, output, gradient, target) = (memory.FeatureMaps(layout, batch), memory.FeatureMaps(layout, batch), memory.FeatureMaps(layout, batch), memory.FeatureMaps(layout, batch));
        norm = memory.Own(new BatchNormalization(channels, 1e-5, 0.1, parts: 1));
        (scale, shift, mean, variance) = (memory.Values(channels), memory.Values(channels), new float[channels], new float[channels]);
        (scaleGradient, shiftGradient) = (new float[channels], new float[channels]);
        Forward();
    }

    [Benchmark]
    public void Forward()
    {
        var (_, size, batch) = Sizes;
        norm.SumStatistics(input, batch, part: 0);
        norm.FinishStatistics(new() { Scale = scale, Shift = shift, RunningMean = mean, RunningVariance = variance }, batch * size * size);
        ElementWise.Apply(input, output, new KernelEpilogue { InnerScale = norm.Scale, InnerShift = norm.Shift, Relu = true }, batch, part: 0, parts: 1);
    }

    [Benchmark]
    public void Backward()
    {
        var (_, size, batch) = Sizes;
        norm.SumGradients(input, output, gradient, batch, part: 0);
        norm.FinishGradients(scale, scaleGradient, shiftGradient, batch * size * size);
        norm.InputGradient(input, gradient, target, accumulate: false, batch, part: 0);
    }

    [GlobalCleanup]
    public void Cleanup() => memory.Dispose();

    (int Channels, int Size, int Batch) Sizes => Shape switch
    {
        "16 at 32, batch 128" => (16, 32, 128),
        "64 at 56, batch 8" => (64, 56, 8),
        _ => (512, 7, 8),
    };
}
