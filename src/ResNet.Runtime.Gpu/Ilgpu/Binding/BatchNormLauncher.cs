using ILGPU;
using ILGPU.Runtime;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Batch normalization with the statistics of the batch.</summary>
sealed class BatchNormLauncher(IlgpuDevice device, LayerInstance row, DeviceParameters values, Parameters parameters)
    : NormLauncher(device, row, values, parameters)
{
    readonly BatchNorm _norm = (BatchNorm)row.Layer;
    readonly Action<KernelConfig, Normalization.Summing> _sumStatistics = device.Kernel<Normalization.Summing>(Normalization.SumStatistics);
    readonly Action<int, Normalization.Statistics> _finishStatistics = device.PerValue<Normalization.Statistics>(Normalization.FinishStatistics);
    readonly Action<int, Normalization.Backward> _inputGradient = device.PerValue<Normalization.Backward>(Normalization.InputGradient);

    public override void Prepare(Workspace workspace, ArrayView<float> input, bool again)
    {
        var sums = Sums.Arguments(workspace, input);
        _sumStatistics(Sums.Grid(workspace.Batch), sums);
        _finishStatistics(Row.Input.Channels, new()
        {
            Input = input,
            Sums = sums.Sums,
            Products = sums.Products,
            Gamma = Values(ParameterKind.Scale),
            Beta = Values(ParameterKind.Shift),
            RunningMean = Values(ParameterKind.RunningMean),
            RunningVariance = Values(ParameterKind.RunningVariance),
            Scale = Factor,
            Shift = Shift,
            Mean = Mean,
            Deviation = Deviation,
            Channels = Row.Input.Channels,
            Chunks = Sums.Chunks(workspace.Batch),
            Count = Sums.Pixels(workspace.Batch),
            Epsilon = (float)_norm.Epsilon,
            Momentum = (float)_norm.Momentum,
            MovesRunning = again ? 0 : 1,
        });
    }

    public override void Backward(
        Workspace workspace, ArrayView<float>? input, ArrayView<float>? rectified, ArrayView<float> gradient, ArrayView<float>? target, bool accumulate)
    {
        ParameterGradients(workspace, input!.Value, rectified, gradient);
        if (target is not { } to) return;
        Shared.Each(workspace, Row.Input, count => _inputGradient(count, new()
        {
            Input = input.Value,
            Gradient = gradient,
            To = to,
            Mean = Mean,
            Scale = Factor,
            InputFactor = InputFactor,
            Constant = Constant,
            Channels = new(Row.Input.Channels),
            Count = count,
            Accumulate = accumulate ? 1 : 0,
        }));
    }
}
