using BenchmarkDotNet.Attributes;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Evaluation;

namespace ResNet.Benchmarks.Kernels;

/// <summary>Batch normalization with its ReLU, forward and back, one thread: sweeps that memory limits.</summary>
public unsafe class NormalizationBenchmarks
{
    readonly Memory _memory = new();
    BatchNormalization _norm = null!;
    FeatureMaps _input, _output, _gradient, _target;
    float[] _scale = [], _shift = [], _mean = [], _variance = [], _scaleGradient = [], _shiftGradient = [];

    [Params("16 at 32, batch 128", "64 at 56, batch 8", "512 at 7, batch 8")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var (channels, size, batch) = Sizes;
        var layout = ActivationLayout.Blocked(channels, size, size);
        (_input, _output, _gradient, _target) = (_memory.FeatureMaps(layout, batch), _memory.FeatureMaps(layout, batch), _memory.FeatureMaps(layout, batch), _memory.FeatureMaps(layout, batch));
        _norm = _memory.Own(new BatchNormalization(channels, 1e-5, 0.1, parts: 1));
        (_scale, _shift, _mean, _variance) = (_memory.Values(channels), _memory.Values(channels), new float[channels], new float[channels]);
        (_scaleGradient, _shiftGradient) = (new float[channels], new float[channels]);
        Forward();
    }

    [Benchmark]
    public void Forward()
    {
        var (_, size, batch) = Sizes;
        _norm.SumStatistics(_input, batch, part: 0);
        _norm.FinishStatistics(new() { Scale = _scale, Shift = _shift, RunningMean = _mean, RunningVariance = _variance }, batch * size * size);
        ElementWise.Apply(_input, _output, new KernelEpilogue { InnerScale = _norm.Scale, InnerShift = _norm.Shift, Relu = true }, batch, part: 0, parts: 1);
    }

    [Benchmark]
    public void Backward()
    {
        var (_, size, batch) = Sizes;
        _norm.SumGradients(_input, _output, _gradient, batch, part: 0);
        _norm.FinishGradients(_scale, _scaleGradient, _shiftGradient, batch * size * size);
        _norm.InputGradient(_input, _gradient, _target, accumulate: false, batch, part: 0);
    }

    [GlobalCleanup]
    public void Cleanup() => _memory.Dispose();

    (int Channels, int Size, int Batch) Sizes => Shape switch
    {
        "16 at 32, batch 128" => (16, 32, 128),
        "64 at 56, batch 8" => (64, 56, 8),
        _ => (512, 7, 8),
    };
}
