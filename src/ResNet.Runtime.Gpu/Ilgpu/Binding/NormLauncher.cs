using ILGPU;
using ILGPU.Runtime;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>A factor and a shift per channel, of one layer on one device: what its forward pass leaves for its backward pass.</summary>
abstract class NormLauncher : IDisposable
{
    /// <summary>Floats that views begin at multiples of, so that they are loaded in fours.</summary>
    const int Alignment = 64;

    readonly DeviceParameters _values;
    readonly Parameters _parameters;
    readonly GpuBuffer<float> _buffer;
    readonly Action<KernelConfig, Normalization.Summing> _sumGradients;
    readonly Action<int, Normalization.Gradients> _finishGradients;

    protected NormLauncher(IlgpuDevice device, LayerInstance row, DeviceParameters values, Parameters parameters)
    {
        (Row, _values, _parameters) = (row, values, parameters);
        Sums = new(device, row.Input);
        _buffer = device.Allocate<float>(6L * Stride);
        _sumGradients = device.Kernel<Normalization.Summing>(Normalization.SumGradients);
        _finishGradients = device.PerValue<Normalization.Gradients>(Normalization.FinishGradients);
    }

    /// <summary>Of a batch normalization or scale layer.</summary>
    public static NormLauncher Of(IlgpuDevice device, LayerInstance row, DeviceParameters values, Parameters parameters) => row.Layer switch
    {
        BatchNorm { Frozen: false } => new BatchNormLauncher(device, row, values, parameters),
        BatchNorm or Scale => new AffineLauncher(device, row, values, parameters),
        _ => throw new NotSupportedException($"{row.Layer} is no factor and shift per channel"),
    };

    /// <summary>The scale and shift of each channel: y = scale · x + shift.</summary>
    public ArrayView<float> Factor => View(0);

    /// <inheritdoc cref="Factor"/>
    public ArrayView<float> Shift => View(1);

    /// <summary>The layer.</summary>
    protected LayerInstance Row { get; }

    protected ChannelSums Sums { get; }

    protected ArrayView<float> Mean => View(2);

    /// <summary>Square root of the variance.</summary>
    protected ArrayView<float> Deviation => View(3);

    /// <summary>The terms of the gradient of the input that appear if mean and variance depend on it.</summary>
    protected ArrayView<float> InputFactor => View(4);

    /// <inheritdoc cref="InputFactor"/>
    protected ArrayView<float> Constant => View(5);

    public long ScratchLength(int batch) => Sums.ScratchLength(batch);

    /// <summary>Makes factor and shift.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="input">The input of the normalization.</param>
    /// <param name="again">Whether the step has done so before.</param>
    public abstract void Prepare(Workspace workspace, ArrayView<float> input, bool again);

    /// <summary>Computes the gradients of the parameters and, if something needs it, of the input.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="input">The input of the normalization; null where no gradient depends on it.</param>
    /// <param name="rectified">The rectified value; null where there is no ReLU.</param>
    /// <param name="gradient">The gradient of the result; masked by the ReLU in place.</param>
    /// <param name="target">Receives the gradient of the input; null if nothing needs it.</param>
    /// <param name="accumulate">Whether to add to what stands there.</param>
    public abstract void Backward(
        Workspace workspace, ArrayView<float>? input, ArrayView<float>? rectified, ArrayView<float> gradient, ArrayView<float>? target, bool accumulate);

    public void Dispose() => _buffer.Dispose();

    /// <summary>Masks the gradient of the result, and computes those of the parameters.</summary>
    protected void ParameterGradients(Workspace workspace, ArrayView<float> input, ArrayView<float>? rectified, ArrayView<float> gradient)
    {
        var sums = Sums.Arguments(workspace, input);
        (sums.Gradient, sums.Mean) = (gradient, Mean);
        if (rectified is { } mask) (sums.Rectified, sums.IsRectified) = (mask, 1);
        _sumGradients(Sums.Grid(workspace.Batch), sums);
        _finishGradients(Row.Input.Channels, new()
        {
            Sums = sums.Sums,
            Products = sums.Products,
            Gamma = Values(ParameterKind.Scale),
            Deviation = Deviation,
            GammaGradient = Gradient(ParameterKind.Scale),
            BetaGradient = Gradient(ParameterKind.Shift),
            InputFactor = InputFactor,
            Constant = Constant,
            Channels = Row.Input.Channels,
            Chunks = Sums.Chunks(workspace.Batch),
            Count = Sums.Pixels(workspace.Batch),
        });
    }

    /// <summary>Sets factor and shift once and for all.</summary>
    protected void Write(ReadOnlySpan<float> factor, ReadOnlySpan<float> shift)
    {
        var values = new float[2 * Stride];
        factor.CopyTo(values);
        shift.CopyTo(values.AsSpan(Stride));
        _buffer.Write(values);
    }

    protected ArrayView<float> Values(ParameterKind kind) => _values.Values(_parameters[Row.Index, kind]);

    ArrayView<float> Gradient(ParameterKind kind) => _values.Gradient(_parameters[Row.Index, kind]);

    ArrayView<float> View(int index) => _buffer.View.SubView((long)index * Stride, Row.Input.Channels);

    int Stride => (Row.Input.Channels + Alignment - 1) / Alignment * Alignment;
}
