using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Operations that forward passes and training steps have in common.</summary>
static class Shared
{
    public static GpuStep Input(IlgpuDevice device, BoundValue images)
    {
        var shape = images.Shape;
        var kernel = device.PerValue<Layouts.Copy>(Layouts.FromNchw);
        return new(new("input"), w => Each(w, shape, count => kernel(count, new() { From = w.Staging.Images, To = w[images], Images = Images(shape), Count = count })));
    }

    /// <summary>Copies a value to where the host reads it, in PyTorch's order.</summary>
    /// <param name="device">The device.</param>
    /// <param name="operation">The operation that does so.</param>
    /// <param name="value">The value.</param>
    /// <param name="offset">Values per image that lie before it there.</param>
    public static GpuStep HandOut(IlgpuDevice device, Operation operation, BoundValue value, long offset) =>
        Reorder(device, operation, value.Shape, w => w[value], w => w.Transfer.SubView(offset * w.Batch));

    /// <summary>Returns the step of a layer that has no parameters and drops nothing, and therefore needs no training step.</summary>
    public static GpuStep Transform(IlgpuDevice device, Transform transform)
    {
        var (row, from, to) = (transform.Row, transform.Input, transform.Output);
        switch (row.Layer)
        {
            case MaxPool pool:
                return Pool(device, row, pool.Kernel, pool.Stride, pool.Padding, from, to, Pooling.Max);
            case AveragePool pool:
                return Pool(device, row, pool.Kernel, pool.Stride, pool.Padding, from, to, Pooling.Average);
            case GlobalAveragePool:
                return Pool(device, row, 1, 1, 0, from, to, Pooling.GlobalAverage);
            case ZeroPad pad:
                var kernel = device.PerValue<ElementWise.Padding>(ElementWise.ZeroPad);
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
            case Sigmoid:
                var sigmoid = device.PerValue<ElementWise.Passing>(ElementWise.Sigmoid);
                return new(Operation.Of(row), w => Each(w, row.Output, count => sigmoid(count, new() { From = w[from], To = w[to], Count = count })));
            case Flatten:
                return Reorder(device, Operation.Of(row), row.Input, w => w[from], w => w[to]);
            default:
                throw new NotSupportedException($"Graphics devices have no kernel for {row.Layer}");
        }
    }

    public static Images Images(Shape shape) => new(shape.Channels, shape.Height, shape.Width);

    /// <summary>Launches with the number of values of a batch.</summary>
    public static void Each(Workspace workspace, Shape shape, Action<int> launch) => launch(checked((int)(workspace.Batch * shape.Elements)));

    /// <summary>Copies feature maps into PyTorch's order.</summary>
    static GpuStep Reorder(IlgpuDevice device, Operation operation, Shape shape, Func<Workspace, ArrayView<float>> from, Func<Workspace, ArrayView<float>> to)
    {
        var kernel = device.PerValue<Layouts.Copy>(Layouts.ToNchw);
        return new(operation, w => Each(w, shape, count => kernel(count, new() { From = from(w), To = to(w), Images = Images(shape), Count = count })));
    }

    static GpuStep Pool(IlgpuDevice device, LayerInstance row, int kernel, int stride, int padding, BoundValue from, BoundValue to, Action<Pooling.Windows> run)
    {
        var launch = device.PerValue(run);
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
