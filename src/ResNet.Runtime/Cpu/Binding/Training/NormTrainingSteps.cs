using ResNet.Dsl;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>A batch normalization of the program: what its forward step leaves for its backward step.</summary>
sealed class BoundNorm(LayerInstance row, LayerParameters parameters, int parts) : IDisposable
{
    public BatchNormalization Kernel { get; } = new(row.Input.Channels, ((BatchNorm)row.Layer).Epsilon, ((BatchNorm)row.Layer).Momentum, parts);

    public LayerInstance Row => row;

    public LayerParameters Parameters => parameters;

    /// <summary>Values per channel in a batch.</summary>
    public long Count(int batch) => (long)batch * row.Input.Height * row.Input.Width;

    public void Dispose() => Kernel.Dispose();
}

/// <summary>Batch normalization with the statistics of the batch, and what follows.</summary>
/// <param name="norm">The layer.</param>
/// <param name="input">What is normalized.</param>
/// <param name="output">The result.</param>
/// <param name="epilogue">What follows.</param>
/// <param name="again">Whether the step has been through the layer before: the statistics are those of that time then.</param>
sealed class NormForwardStep(BoundNorm norm, Value input, Value output, BoundEpilogue epilogue, bool again)
    : TrainingStep(Operation.Of(norm.Row), phases: again ? 1 : 3)
{
    const int Sum = 0, Finish = 1, Normalize = 2;

    public override void Prepare(ConvolutionChoice choice) => epilogue.Prepare(output.Shape);

    public override unsafe void Run(CpuTrainingSession session, int phase, int part, int parts)
    {
        var (batch, kernel) = (session.Batch, norm.Kernel);
        switch (again ? Normalize : phase)
        {
            case Sum:
                kernel.SumStatistics(session.Of(input), batch, part);
                break;
            case Finish:
                if (part == 0) kernel.FinishStatistics(norm.Parameters.Norm(), norm.Count(batch));
                break;
            default:
                var normalize = epilogue.For(session.Arena) with { InnerScale = kernel.Scale, InnerShift = kernel.Shift };
                ElementWise.Apply(session.Of(input), session.Of(output), normalize, batch, part, parts);
                break;
        }
    }

    public override void Dispose() => epilogue.Dispose();
}

/// <summary>Backward through a batch normalization and the ReLU behind it.</summary>
/// <param name="norm">The layer.</param>
/// <param name="input">What was normalized.</param>
/// <param name="rectified">The rectified value; null where there is no ReLU.</param>
/// <param name="gradient">The gradient of the result.</param>
/// <param name="target">The gradient of the input; null if nobody needs it.</param>
/// <param name="accumulate">Whether to add to what stands in the target.</param>
sealed class NormBackwardStep(BoundNorm norm, Value input, Value? rectified, Value gradient, Value? target, bool accumulate)
    : TrainingStep(Operation.Of(norm.Row, OperationKind.InputGradient), phases: 3)
{
    const int Sum = 0, Finish = 1;

    public override void Run(CpuTrainingSession session, int phase, int part, int parts)
    {
        var (batch, kernel, parameters) = (session.Batch, norm.Kernel, norm.Parameters);
        switch (phase)
        {
            case Sum:
                kernel.SumGradients(session.Of(input), rectified is null ? default : session.Of(rectified), session.Of(gradient), batch, part);
                break;
            case Finish:
                if (part == 0)
                    kernel.FinishGradients(parameters.Scale.Values, session.GradientOf(parameters.Scale), session.GradientOf(parameters.Shift), norm.Count(batch));
                break;
            default:
                if (target is not null)
                    kernel.InputGradient(session.Of(input), session.Of(gradient), session.Of(target), accumulate, batch, part);
                break;
        }
    }

    /// <summary>The forward step's layer is the program's to dispose of.</summary>
    public override void Dispose()
    {
    }
}
