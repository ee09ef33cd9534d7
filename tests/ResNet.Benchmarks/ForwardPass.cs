using ResNet.Runtime.Cpu;

namespace ResNet.Benchmarks;

/// <summary>A step of a forward pass.</summary>
/// <param name="name">What it does, with sizes.</param>
/// <param name="multiplyAdds">For the whole batch.</param>
/// <param name="run">Computes a part.</param>
sealed class Step(string name, long multiplyAdds, Action<int, int> run) : ICpuJob
{
    public string Name { get; } = name;
    public long MultiplyAdds { get; } = multiplyAdds;

    public void Execute(int part, int parts) => run(part, parts);
}

/// <summary>The kernels that ResNet-18 or ResNet-50 runs on an ImageNet image, with random weights, activations in shared slots.</summary>
sealed unsafe class ForwardPass : IDisposable
{
    readonly int batch;
    readonly List<IDisposable> owned = [];
    readonly List<Step> steps = [];
    readonly NativeBuffer[] slots;
    readonly Random random = new(1);

    public ForwardPass(string network, int batch)
    {
        this.batch = batch;
        // The largest value is the stem's output.
        slots = [.. Enumerable.Range(0, 4).Select(_ => Own(new NativeBuffer(ActivationLayout.Blocked(64, 112, 112, 1).SizeInFloats(batch) * 11 / 10)))];
        var (bottleneck, blocks) = network switch
        {
            "resnet18" => (false, new[] { 2, 2, 2, 2 }),
            "resnet50" => (true, [3, 4, 6, 3]),
            _ => throw new ArgumentException($"There is no '{network}' here: resnet18 and resnet50 are timed."),
        };

        var value = Stem();
        for (var stage = 0; stage < 4; stage++)
            for (var block = 0; block < blocks[stage]; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                value = bottleneck ? Bottleneck(value, 64 << stage, stride) : Basic(value, 64 << stage, stride);
            }
        Head(value);
    }

    public IReadOnlyList<Step> Steps => steps;

    public void Dispose() => owned.ForEach(each => each.Dispose());

    Activation Stem()
    {
        var image = Own(new NativeBuffer(ActivationLayout.Compact(3, 224, 224, 3).SizeInFloats(batch)));
        var value = new Activation(image.Data, ActivationLayout.Compact(3, 224, 224, 3));
        LayoutConversion.FromNchw(RandomValues(batch * 3 * 224 * 224), value, batch, 0, 1);
        var stem = Convolve("stem", value, 64, 7, 2, 0);
        var pooled = new Activation(slots[1].Data, ActivationLayout.Blocked(64, 56, 56, 1));
        steps.Add(new Step("max pool", 0, (part, parts) => Pooling.Max(stem, pooled, new(3, 2, 1), batch, part, parts)));
        return pooled;
    }

    Activation Basic(Activation x, int channels, int stride)
    {
        var (a, b, c) = Free(x);
        var shortcut = stride == 1 ? x : Convolve("projection", x, channels, 1, stride, c, halo: 0, relu: false);
        var y = Convolve("3×3", x, channels, 3, stride, a);
        return Convolve("3×3", y, channels, 3, 1, b, residual: shortcut);
    }

    Activation Bottleneck(Activation x, int channels, int stride)
    {
        var (a, b, c) = Free(x);
        var shortcut = x.Layout.Channels == 4 * channels ? x : Convolve("projection", x, 4 * channels, 1, stride, c, halo: 0, relu: false);
        var y = Convolve("1×1", x, channels, 1, 1, a);
        y = Convolve("3×3", y, channels, 3, stride, b, halo: 0);
        return Convolve("1×1", y, 4 * channels, 1, 1, a, residual: shortcut, halo: 0);
    }

    void Head(Activation x)
    {
        var channels = x.Layout.Channels;
        var means = new Activation(Own(new NativeBuffer((long)channels * batch)).Data, ActivationLayout.Blocked(channels, 1, 1));
        var logits = new Activation(Own(new NativeBuffer(1024L * batch)).Data, ActivationLayout.Blocked(1000, 1, 1));
        var dense = Own(PackedConvolution.Dense(channels, 1000));
        dense.Pack(RandomValues(channels * 1000), default, default);
        steps.Add(new Step("global average pool", 0, (part, parts) => Pooling.GlobalAverage(x, means, batch, part, parts)));
        steps.Add(new Step("dense", batch * channels * 1000L, (part, parts) => dense.Run(means, logits, default, batch, part, parts)));
    }

    Activation Convolve(string name, Activation x, int channels, int kernel, int stride, int slot, int halo = 1, bool relu = true, Activation residual = default)
    {
        var geometry = new ConvGeometry(x.Layout.Channels, channels, x.Layout.Height, x.Layout.Width, kernel, stride, kernel / 2);
        var convolution = Own(new PackedConvolution(geometry, x.Layout));
        convolution.Pack(RandomValues((int)geometry.WeightCount), default, default);
        // Only a 3×3 convolution needs a halo to read.
        var output = new Activation(slots[slot].Data, ActivationLayout.Blocked(channels, geometry.OutHeight, geometry.OutWidth, halo));
        var epilogue = new Epilogue { Residual = residual, Relu = relu };
        steps.Add(new Step($"{name} {geometry.InChannels}→{channels} /{stride} at {geometry.OutWidth}", batch * geometry.MultiplyAdds,
            (part, parts) => convolution.Run(x, output, epilogue, batch, part, parts)));
        return output;
    }

    /// <summary>The slots that hold neither x nor each other.</summary>
    (int, int, int) Free(Activation x)
    {
        var free = Enumerable.Range(0, slots.Length).Where(slot => slots[slot].Data != x.Data).ToArray();
        return (free[0], free[1], free[2]);
    }

    float[] RandomValues(int count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = (random.NextSingle() - 0.5f) / 16;
        return values;
    }

    T Own<T>(T disposable) where T : IDisposable
    {
        owned.Add(disposable);
        return disposable;
    }
}
