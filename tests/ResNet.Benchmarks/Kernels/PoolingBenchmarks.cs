using BenchmarkDotNet.Attributes;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Benchmarks.Kernels;

/// <summary>The stem's max pooling, the global average, and the conversion of images, one image, one thread.</summary>
public unsafe class PoolingBenchmarks
{
    static readonly PoolGeometry _stem = new(3, 2, 1);

    readonly Memory memory = new();
    FeatureMaps large, pooled, last, means, image, largeGradient;
    float[] pixels = [];

    [GlobalSetup]
    public void Setup()
    {
        (large, pooled) = (memory.FeatureMaps(ActivationLayout.Blocked(64, 112, 112)), memory.FeatureMaps(ActivationLayout.Blocked(64, 56, 56)));
        (last, means) = (memory.FeatureMaps(ActivationLayout.Blocked(2048, 7, 7)), memory.FeatureMaps(ActivationLayout.Blocked(2048, 1, 1)));
        image = memory.FeatureMaps(ActivationLayout.Compact(3, 224, 224, halo: 3));
        largeGradient = memory.FeatureMaps(large.Layout);
        pixels = memory.Values(3 * 224 * 224);
    }

    [Benchmark]
    public void MaxPool() => Pooling.Max(large, pooled, _stem, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void MaxPoolBackward() => PoolingBackward.Max(large, pooled, largeGradient, _stem, accumulate: false, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GlobalAveragePool() => Pooling.GlobalAverage(last, means, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void ReadImage() => LayoutConversion.FromNchw(pixels, image, batch: 1, part: 0, parts: 1);

    [GlobalCleanup]
    public void Cleanup() => memory.Dispose();
}
