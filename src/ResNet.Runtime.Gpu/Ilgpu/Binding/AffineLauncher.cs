using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Frozen batch normalization, or a scale layer: a factor and a shift that do not depend on the batch.</summary>
sealed class AffineLauncher : NormLauncher
{
    readonly bool _isLearned;
    readonly Action<int, Affine.Folding> _fold;
    readonly Action<int, Affine.Backward> _inputGradient;
    readonly Action<int, ElementWise.Passing> _rectify;

    public AffineLauncher(IlgpuDevice device, LayerInstance row, DeviceParameters values, Parameters parameters)
        : base(device, row, values, parameters)
    {
        _isLearned = row.Parameters.Count > 0;
        _fold = device.PerValue<Affine.Folding>(Affine.Fold);
        _inputGradient = device.PerValue<Affine.Backward>(Affine.InputGradient);
        _rectify = device.PerValue<ElementWise.Passing>(ElementWise.ReluBackward);
        if (_isLearned) return;
        var constants = FoldedNorm.Of(parameters, row.Index);
        Write(constants.Scale, constants.Shift);
    }

    public override void Prepare(Workspace workspace, ArrayView<float> input, bool again)
    {
        if (!_isLearned || again) return;
        var norm = Row.Layer as BatchNorm;
        _fold(Row.Input.Channels, new()
        {
            Gamma = Values(ParameterKind.Scale),
            Beta = Values(ParameterKind.Shift),
            RunningMean = norm is null ? Mean : Values(ParameterKind.RunningMean),
            RunningVariance = norm is null ? Deviation : Values(ParameterKind.RunningVariance),
            Scale = Factor,
            Shift = Shift,
            Mean = Mean,
            Deviation = Deviation,
            Channels = Row.Input.Channels,
            IsNormalized = norm is null ? 0 : 1,
            Epsilon = (float)(norm?.Epsilon ?? 0),
        });
    }

    public override void Backward(
        Workspace workspace, ArrayView<float>? input, ArrayView<float>? rectified, ArrayView<float> gradient, ArrayView<float>? target, bool accumulate)
    {
        if (_isLearned) ParameterGradients(workspace, input!.Value, rectified, gradient);
        else if (rectified is { } mask) Shared.Each(workspace, Row.Input, count => _rectify(count, new() { From = mask, To = gradient, Count = count }));
        if (target is not { } to) return;
        Shared.Each(workspace, Row.Input, count => _inputGradient(count, new()
        {
            Gradient = gradient,
            To = to,
            Scale = Factor,
            Channels = new(Row.Input.Channels),
            Count = count,
            Accumulate = accumulate ? 1 : 0,
        }));
    }
}
