using ResNet.Dsl;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Operations that forward passes and training steps have in common.</summary>
static class Shared
{
    public static GpuStep Input(IlgpuBackend backend, BoundValue images)
    {
        var shape = images.Shape;
        var kernel = backend.PerValue<Layouts.Copy>(Layouts.FromNchw);
        return new(new("input"), w => Each(w, shape, count => kernel(count, new() { From = w.Staging.Images, To = w[images], Images = Images(shape), Count = count })));
    }

    /// <summary>Copies a value to where the host reads it.</summary>
    public static GpuStep Output(IlgpuBackend backend, BoundValue value)
    {
        var shape = value.Shape;
        var kernel = backend.PerValue<Layouts.Copy>(Layouts.ToNchw);
        return new(new("output"), w => Each(w, shape, count => kernel(count, new() { From = w[value], To = w.Transfer, Images = Images(shape), Count = count })));
    }

    /// <summary>Pooling or a zero-padded shortcut; dropout takes a training step.</summary>
    public static GpuStep Transform(IlgpuBackend backend, Transform transform)
    {
        var (row, from, to) = (transform.Row, transform.Input, transform.Output);
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
                throw new NotSupportedException($"Graphics devices have no kernel for {row.Layer}");
        }
    }

    public static Images Images(Shape shape) => new(shape.Channels, shape.Height, shape.Width);

    /// <summary>Launches with the number of values of a batch.</summary>
    public static void Each(Workspace workspace, Shape shape, Action<int> launch) => launch(checked((int)(workspace.Batch * shape.Elements)));

    static GpuStep Pool(IlgpuBackend backend, LayerInstance row, int kernel, int stride, int padding, BoundValue from, BoundValue to, Action<Pooling.Windows> run)
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
