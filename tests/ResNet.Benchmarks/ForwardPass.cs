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

/// <summary>The kernels of a network's forward pass, with random weights, activations in shared slots.</summary>
sealed unsafe class ForwardPass : IDisposable
{
    public static readonly string[] Networks = ["resnet18", "resnet50", "resnext50_32x4d", "cifar-resnet20"];

    readonly int batch;
    readonly List<IDisposable> owned = [];
    readonly List<Step> steps = [];
    readonly NativeBuffer[] slots;
    readonly Random random = new(1);

    public ForwardPass(string network, int batch)
    {
        this.batch = batch;
        // The stem's output is the largest value but for a few halos.
        slots = [.. Enumerable.Range(0, 4).Select(_ => Own(new NativeBuffer(ActivationLayout.Blocked(64, 112, 112, 1).SizeInFloats(batch) * 11 / 10)))];
        Head(network switch
        {
            "resnet18" => Stages(ImageNetStem(), [2, 2, 2, 2], 64, Basic),
            "resnet50" => Stages(ImageNetStem(), [3, 4, 6, 3], 64, (x, channels, stride) => Bottleneck(x, channels, channels, 1, stride)),
            "resnext50_32x4d" => Stages(ImageNetStem(), [3, 4, 6, 3], 64, (x, channels, stride) => Bottleneck(x, channels, 2 * channels, 32, stride)),
            "cifar-resnet20" => Stages(Convolve("stem", Image(32, 1), 16, 3, 1, slot: 1), [3, 3, 3], 16, BasicZeroPad),
            _ => throw new ArgumentException(network, nameof(network)),
        });
    }

    public IReadOnlyList<Step> Steps => steps;

    public void Dispose() => owned.ForEach(each => each.Dispose());

    Activation Image(int size, int padding)
    {
        var layout = ActivationLayout.Compact(3, size, size, padding);
        var image = new Activation(Own(new NativeBuffer(layout.SizeInFloats(batch))).Data, layout);
        LayoutConversion.FromNchw(RandomValues(batch * 3 * size * size), image, batch, 0, 1);
        return image;
    }

    Activation ImageNetStem()
    {
        var stem = Convolve("stem", Image(224, 3), 64, 7, 2, slot: 0);
        var pooled = new Activation(slots[1].Data, ActivationLayout.Blocked(64, 56, 56, 1));
        steps.Add(new Step("max pool", 0, (part, parts) => Pooling.Max(stem, pooled, new(3, 2, 1), batch, part, parts)));
        return pooled;
    }

    static Activation Stages(Activation value, int[] blocks, int channels, Func<Activation, int, int, Activation> unit)
    {
        for (var stage = 0; stage < blocks.Length; stage++)
            for (var block = 0; block < blocks[stage]; block++)
                value = unit(value, channels << stage, stage > 0 && block == 0 ? 2 : 1);
        return value;
    }

    Activation Basic(Activation x, int channels, int stride)
    {
        var (a, b, c) = Free(x);
        var shortcut = stride == 1 ? x : Convolve("projection", x, channels, 1, stride, c, halo: 0, relu: false);
        var y = Convolve("3×3", x, channels, 3, stride, a);
        return Convolve("3×3", y, channels, 3, 1, b, residual: shortcut);
    }

    Activation BasicZeroPad(Activation x, int channels, int stride)
    {
        var (a, b, _) = Free(x);
        var y = Convolve("3×3", x, channels, 3, stride, a);
        return Convolve("3×3", y, channels, 3, 1, b, residual: x);
    }

    Activation Bottleneck(Activation x, int channels, int width, int groups, int stride)
    {
        var (a, b, c) = Free(x);
        var shortcut = x.Layout.Channels == 4 * channels ? x : Convolve("projection", x, 4 * channels, 1, stride, c, halo: 0, relu: false);
        var y = Convolve("1×1", x, width, 1, 1, a);
        y = Convolve("3×3", y, width, 3, stride, b, halo: 0, groups: groups);
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
        steps.Add(new Step("dense", batch * channels * 1000L, (part, parts) => dense.Run(means, logits, default, null, batch, part, parts)));
    }

    Activation Convolve(string name, Activation x, int channels, int kernel, int stride, int slot, int halo = 1, bool relu = true, Activation residual = default, int groups = 1)
    {
        var geometry = new ConvGeometry(x.Layout.Channels, channels, x.Layout.Height, x.Layout.Width, kernel, stride, kernel / 2, Groups: groups);
        var convolution = Own(new PackedConvolution(Correlation.Forward(geometry), x.Layout));
        convolution.Pack(RandomValues((int)geometry.WeightCount), default, default);
        // Only a 3×3 convolution needs a halo to read.
        var output = new Activation(slots[slot].Data, ActivationLayout.Blocked(channels, geometry.OutHeight, geometry.OutWidth, halo));
        var epilogue = new Epilogue
        {
            Residual = residual,
            ResidualStride = residual.IsNull ? 1 : residual.Layout.Width / geometry.OutWidth,
            Relu = relu,
        };
        steps.Add(new Step($"{name} {geometry.InChannels}→{channels} /{stride} at {geometry.OutWidth}", batch * geometry.MultiplyAdds,
            (part, parts) => convolution.Run(x, output, epilogue, null, batch, part, parts)));
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
