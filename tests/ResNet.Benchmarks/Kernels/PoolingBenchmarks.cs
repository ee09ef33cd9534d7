using BenchmarkDotNet.Attributes;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Benchmarks.Kernels;

/// <summary>The stem's max pooling, the global average, and the conversion of images, one image, one thread.</summary>
public unsafe class PoolingBenchmarks
{
    static readonly PoolGeometry _stem = new(3, 2, 1);

    readonly Memory _memory = new();
    FeatureMaps _large, _pooled, _last, _means, _image, _largeGradient;
    float[] _pixels = [];

    [GlobalSetup]
    public void Setup()
    {
        (_large, _pooled) = (_memory.FeatureMaps(ActivationLayout.Blocked(64, 112, 112)), _memory.FeatureMaps(ActivationLayout.Blocked(64, 56, 56)));
        (_last, _means) = (_memory.FeatureMaps(ActivationLayout.Blocked(2048, 7, 7)), _memory.FeatureMaps(ActivationLayout.Blocked(2048, 1, 1)));
        _image = _memory.FeatureMaps(ActivationLayout.Compact(3, 224, 224, halo: 3));
        _largeGradient = _memory.FeatureMaps(_large.Layout);
        _pixels = _memory.Values(3 * 224 * 224);
    }

    [Benchmark]
    public void MaxPool() => Pooling.Max(_large, _pooled, _stem, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void MaxPoolBackward() => PoolingBackward.Max(_large, _pooled, _largeGradient, _stem, accumulate: false, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GlobalAveragePool() => Pooling.GlobalAverage(_last, _means, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void ReadImage() => LayoutConversion.FromNchw(_pixels, _image, batch: 1, part: 0, parts: 1);

    [GlobalCleanup]
    public void Cleanup() => _memory.Dispose();
}
