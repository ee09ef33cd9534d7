using ResNet.Dsl;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Operations that forward passes and training steps have in common.</summary>
static class Shared
{
    public static Step Input(IlgpuBackend backend, int to, Shape shape)
    {
        var kernel = backend.PerValue<Layouts.Copy>(Layouts.FromNchw);
        return new(new("input"), w => Each(w, shape, count => kernel(count, new() { From = w.Staging.Images, To = w[to], Images = Images(shape), Count = count })));
    }

    /// <summary>Copies a slot to where the host reads it.</summary>
    public static Step Output(IlgpuBackend backend, int from, Shape shape)
    {
        var kernel = backend.PerValue<Layouts.Copy>(Layouts.ToNchw);
        return new(new("output"), w => Each(w, shape, count => kernel(count, new() { From = w[from], To = w.Transfer, Images = Images(shape), Count = count })));
    }

    /// <summary>Pooling or a zero-padded shortcut; dropout is the training binder's own.</summary>
    public static Step? Transform(IlgpuBackend backend, LayerInstance row, int from, int to)
    {
        switch (row.Layer)
        {
            case MaxPool pool:
                return Pool(backend, row, pool.Kernel, pool.Stride, pool.Padding, from, to, Pooling.Max);
            case AveragePool pool:
                return Pool(backend, row, pool.Kernel, pool.Stride, pool.Padding, from, to, Pooling.Average);
            case GlobalAveragePool:
                return Pool(backend, row, 1, 1, 0, from, to, Pooling.GlobalAverage);
            case ZeroPad pad:
                var kernel = backend.PerValue<ElementWise.Padding>(ElementWise.ZeroPad);
                return new(Operation.Of(row), w => Each(w, row.Output, count => kernel(count, new()
                {
                    From = w[from],
                    To = w[to],
                    Images = Images(row.Output),
                    Height = row.Input.Height,
                    Width = row.Input.Width,
                    Channels = row.Input.Channels,
                    Stride = new(pad.Stride),
                    Count = count,
                })));
            default:
                return null;
        }
    }

    public static Images Images(Shape shape) => new(shape.Channels, shape.Height, shape.Width);

    /// <summary>Launches with the number of values of a batch.</summary>
    public static void Each(Workspace workspace, Shape shape, Action<int> launch) => launch(checked((int)(workspace.Batch * shape.Elements)));

    static Step Pool(IlgpuBackend backend, LayerInstance row, int kernel, int stride, int padding, int from, int to, Action<Pooling.Windows> run)
    {
        var launch = backend.PerValue(run);
        return new(Operation.Of(row), w => Each(w, row.Output, count => launch(count, new()
        {
            Input = w[from],
            From = w[from],
            To = w[to],
            Large = Images(row.Input),
            Small = Images(row.Output),
            Kernel = kernel,
            Stride = new(stride),
            Padding = padding,
            Count = count,
        })));
    }
}
