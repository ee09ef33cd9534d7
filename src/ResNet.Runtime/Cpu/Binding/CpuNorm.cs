using ResNet.Dsl;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// A layer of a training step that is a factor and a shift per channel, wherever these come from: what its forward step leaves
/// for its backward step.
/// </summary>
/// <param name="row">The layer.</param>
abstract unsafe class CpuNorm(LayerInstance row) : IDisposable
{
    /// <summary>Chooses what the layer needs.</summary>
    /// <param name="row">The layer.</param>
    /// <param name="parameters">The parameters of the network.</param>
    /// <param name="parts">Number of parts of every sweep.</param>
    public static CpuNorm Of(LayerInstance row, Parameters parameters, int parts) => row.Layer is BatchNorm { Frozen: false } norm
        ? new CpuBatchNorm(row, norm, new(parameters, row.Index), parts)
        : new CpuFixedNorm(row, parameters, parts);

    public LayerInstance Row => row;

    /// <summary>Per channel, what values are multiplied by; known once <see cref="FinishStatistics"/> is done.</summary>
    public abstract float* Scale { get; }

    /// <summary>Per channel, what is then added.</summary>
    public abstract float* Shift { get; }

    /// <summary>The parameters of which <see cref="FinishGradients"/> makes gradients.</summary>
    public abstract ParameterTensor[] Trained { get; }

    /// <summary>Takes statistics over the batches of all ranks, where there are any to take.</summary>
    public virtual void Synchronize(CommunicationThread thread)
    {
    }

    /// <summary>Sums one part of what the factor and the shift need of the batch.</summary>
    public abstract void SumStatistics(CpuRun run, CpuValue input, int part);

    /// <summary>Makes the factor and the shift.</summary>
    public abstract void FinishStatistics(CpuRun run);

    /// <summary>Sums one part of what the gradients need; first masks the gradient, in place, where there is a ReLU.</summary>
    public abstract void SumGradients(CpuRun run, NormGradient values, int part);

    /// <summary>Makes the gradients of the parameters.</summary>
    public abstract void FinishGradients(CpuRun run);

    /// <summary>Computes one part of the input's gradient.</summary>
    public abstract void InputGradient(CpuRun run, NormGradient values, CpuValue target, int part);

    public abstract void Dispose();
}

/// <summary>The values of a backward step.</summary>
/// <param name="Input">The input of the layer; null where no gradient depends on it.</param>
/// <param name="Rectified">The rectified value; null where there is no ReLU.</param>
/// <param name="Gradient">The gradient of the result.</param>
/// <param name="Target">The gradient of the input; null if nothing needs it.</param>
/// <param name="Accumulate">Whether to add to what stands in the target.</param>
sealed record NormGradient(CpuValue? Input, CpuValue? Rectified, CpuValue Gradient, CpuValue? Target, bool Accumulate);

/// <summary>Batch normalization with the statistics of the batch.</summary>
sealed unsafe class CpuBatchNorm(LayerInstance row, BatchNorm layer, LayerParameters parameters, int parts) : CpuNorm(row)
{
    readonly BatchNormalization _kernel = new(row.Input.Channels, layer.Epsilon, layer.Momentum, parts);

    public override float* Scale => _kernel.Scale;

    public override float* Shift => _kernel.Shift;

    public override ParameterTensor[] Trained { get; } = [parameters.Scale, parameters.Shift];

    public override void Synchronize(CommunicationThread thread) => _kernel.Ranks = new(thread, Row.Input.Channels, Row.Name);

    public override void SumStatistics(CpuRun run, CpuValue input, int part) => _kernel.SumStatistics(run.Of(input), run.Batch, part);

    public override void FinishStatistics(CpuRun run) => _kernel.FinishStatistics(parameters.Norm(), Count(run));

    public override void SumGradients(CpuRun run, NormGradient values, int part) => _kernel.SumGradients(
        run.Of(values.Input!), values.Rectified is { } rectified ? run.Of(rectified) : default, run.Of(values.Gradient), run.Batch, part);

    public override void FinishGradients(CpuRun run) => _kernel.FinishGradients(
        parameters.Scale.Read(), run.GradientOf(parameters.Scale), run.GradientOf(parameters.Shift), Count(run));

    public override void InputGradient(CpuRun run, NormGradient values, CpuValue target, int part) => _kernel.InputGradient(
        run.Of(values.Input!), run.Of(values.Gradient), run.Of(target), values.Accumulate, run.Batch, part);

    public override void Dispose() => _kernel.Dispose();

    /// <summary>Values per channel in the batch.</summary>
    long Count(CpuRun run) => (long)run.Batch * Row.Input.Height * Row.Input.Width;
}

/// <summary>Batch normalization with frozen statistics, or a scale layer: the batch decides nothing.</summary>
sealed unsafe class CpuFixedNorm(LayerInstance row, Parameters parameters, int parts) : CpuNorm(row)
{
    readonly FixedAffine _kernel = new(row.Input.Channels, parts);
    readonly LayerParameters _layer = new(parameters, row.Index);

    public override float* Scale => _kernel.Scale;

    public override float* Shift => _kernel.Shift;

    public override ParameterTensor[] Trained => IsTrained ? [_layer.Scale, _layer.Shift] : [];

    bool IsTrained => Row.Parameters.Count > 0;

    public override void SumStatistics(CpuRun run, CpuValue input, int part)
    {
    }

    public override void FinishStatistics(CpuRun run)
    {
        FoldedNorm.Fold(parameters, Row.Index, bias: default, _kernel.Scales, _kernel.Shifts);
        if (Row.Layer is BatchNorm norm) _kernel.SetStatistics(_layer.RunningMean, _layer.RunningVariance, norm.Epsilon);
    }

    public override void SumGradients(CpuRun run, NormGradient values, int part)
    {
        var rectified = values.Rectified is { } positive ? run.Of(positive) : default;
        if (IsTrained) _kernel.SumGradients(run.Of(values.Input!), rectified, run.Of(values.Gradient), run.Batch, part);
        else if (!rectified.IsNull) ElementWiseBackward.Relu(rectified, run.Of(values.Gradient), run.Batch, part, parts);
    }

    public override void FinishGradients(CpuRun run)
    {
        if (IsTrained) _kernel.FinishGradients(run.GradientOf(_layer.Scale), run.GradientOf(_layer.Shift));
    }

    public override void InputGradient(CpuRun run, NormGradient values, CpuValue target, int part) =>
        _kernel.InputGradient(run.Of(values.Gradient), run.Of(target), values.Accumulate, run.Batch, part);

    public override void Dispose() => _kernel.Dispose();
}
