using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Benchmarks.Kernels;

/// <summary>Activations and other memory of a benchmark, with values that are neither zero nor denormal.</summary>
sealed unsafe class Memory : IDisposable
{
    readonly List<IDisposable> _owned = [];
    readonly Random _random = new(1);

    public FeatureMaps FeatureMaps(ActivationLayout layout, int batch = 1)
    {
        var activation = new FeatureMaps(Floats(layout.SizeInFloats(batch)), layout);
        var image = Values(batch * layout.Channels * layout.Height * layout.Width);
        LayoutConversion.FromNchw(image, activation, batch, part: 0, parts: 1);
        return activation;
    }

    public float* Floats(long count) => Own(new NativeBuffer(count)).Data;

    public float[] Values(int count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = _random.NextSingle() - 0.5f;
        return values;
    }

    public T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    public void Dispose()
    {
        foreach (var each in _owned) each.Dispose();
    }
}
