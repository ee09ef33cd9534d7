using ILGPU;
using ILGPU.Runtime;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Kernels;
using Normalizing = ResNet.Runtime.Gpu.Kernels.Normalization;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The batch normalization of one layer on one device: what its forward pass leaves for its backward pass.</summary>
sealed class NormLauncher(IlgpuBackend backend, LayerInstance row, DeviceParameters values, Parameters parameters) : IDisposable
{
    /// <summary>Floats that views begin at multiples of, so that they are loaded in fours.</summary>
    const int Alignment = 64;

    readonly BatchNorm _norm = (BatchNorm)row.Layer;
    readonly ChannelSums _sums = new(backend, row.Input);
    readonly GpuBuffer<float> _buffer = backend.Allocate<float>(6L * Stride(row.Input.Channels));
    readonly Action<KernelConfig, Normalizing.Summing> _sumStatistics = backend.Kernel<Normalizing.Summing>(Normalizing.SumStatistics);
    readonly Action<KernelConfig, Normalizing.Summing> _sumGradients = backend.Kernel<Normalizing.Summing>(Normalizing.SumGradients);
    readonly Action<int, Normalizing.Statistics> _finishStatistics = backend.PerValue<Normalizing.Statistics>(Normalizing.FinishStatistics);
    readonly Action<int, Normalizing.Gradients> _finishGradients = backend.PerValue<Normalizing.Gradients>(Normalizing.FinishGradients);
    readonly Action<int, Normalizing.Backward> _inputGradient = backend.PerValue<Normalizing.Backward>(Normalizing.InputGradient);

    /// <summary>What normalizes: y = scale · x + shift.</summary>
    public ArrayView<float> Scale => View(0);

    /// <inheritdoc cref="Scale"/>
    public ArrayView<float> Shift => View(1);

    public long ScratchLength(int batch) => _sums.ScratchLength(batch);

    /// <summary>Makes the batch's statistics.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="input">What is normalized.</param>
    /// <param name="movesRunning">Whether the running statistics move.</param>
    public void Measure(Workspace workspace, ArrayView<float> input, bool movesRunning)
    {
        var sums = _sums.Arguments(workspace, input);
        _sumStatistics(_sums.Grid(workspace.Batch), sums);
        _finishStatistics(row.Input.Channels, new()
        {
            Input = input,
            Sums = sums.Sums,
            Products = sums.Products,
            Gamma = Values(ParameterKind.Scale),
            Beta = Values(ParameterKind.Shift),
            RunningMean = Values(ParameterKind.RunningMean),
            RunningVariance = Values(ParameterKind.RunningVariance),
            Scale = Scale,
            Shift = Shift,
            Mean = View(2),
            Deviation = View(3),
            Channels = row.Input.Channels,
            Chunks = _sums.Chunks(workspace.Batch),
            Count = _sums.Pixels(workspace.Batch),
            Epsilon = (float)_norm.Epsilon,
            Momentum = (float)_norm.Momentum,
            MovesRunning = movesRunning ? 1 : 0,
        });
    }

    /// <summary>Computes the gradients of scale and shift and, if somebody needs it, of the input.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="input">What was normalized.</param>
    /// <param name="rectified">The rectified value; null where there is no ReLU.</param>
    /// <param name="gradient">The gradient of the result; masked by the ReLU in place.</param>
    /// <param name="target">Receives the gradient of the input; null if nobody needs it.</param>
    /// <param name="accumulate">Whether to add to what stands there.</param>
    public void Backward(Workspace workspace, ArrayView<float> input, ArrayView<float>? rectified, ArrayView<float> gradient, ArrayView<float>? target, bool accumulate)
    {
        var sums = _sums.Arguments(workspace, input);
        (sums.Gradient, sums.Mean) = (gradient, View(2));
        if (rectified is { } mask) (sums.Rectified, sums.IsRectified) = (mask, 1);
        _sumGradients(_sums.Grid(workspace.Batch), sums);
        _finishGradients(row.Input.Channels, new()
        {
            Sums = sums.Sums,
            Products = sums.Products,
            Gamma = Values(ParameterKind.Scale),
            Deviation = View(3),
            GammaGradient = Gradient(ParameterKind.Scale),
            BetaGradient = Gradient(ParameterKind.Shift),
            InputFactor = View(4),
            Constant = View(5),
            Channels = row.Input.Channels,
            Chunks = _sums.Chunks(workspace.Batch),
            Count = _sums.Pixels(workspace.Batch),
        });
        if (target is not { } to) return;
        Shared.Each(workspace, row.Input, count => _inputGradient(count, new()
        {
            Input = input,
            Gradient = gradient,
            To = to,
            Mean = View(2),
            Scale = Scale,
            InputFactor = View(4),
            Constant = View(5),
            Channels = new(row.Input.Channels),
            Count = count,
            Accumulate = accumulate ? 1 : 0,
        }));
    }

    public void Dispose() => _buffer.Dispose();

    ArrayView<float> View(int index) => _buffer.View.SubView((long)index * Stride(row.Input.Channels), row.Input.Channels);

    ArrayView<float> Values(ParameterKind kind) => values.Values(parameters[row.Index, kind]);

    ArrayView<float> Gradient(ParameterKind kind) => values.Gradient(parameters[row.Index, kind]);

    static int Stride(int channels) => (channels + Alignment - 1) / Alignment * Alignment;
}
