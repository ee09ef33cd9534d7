using ResNet.Dsl;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A batch normalization of the program: what its forward step leaves for its backward step.</summary>
sealed class CpuNorm(LayerInstance row, LayerParameters parameters, int parts) : IDisposable
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
sealed class NormForwardStep(CpuNorm norm, CpuValue input, CpuValue output, CpuEpilogue epilogue, bool again)
    : CpuStep(Operation.Of(norm.Row), phases: again ? 1 : 3)
{
    const int Sum = 0, Finish = 1, Normalize = 2;

    public override void Prepare(ConvolutionChoice choice) => epilogue.Prepare();

    public override unsafe void Run(CpuRun run, int phase, int part, int parts)
    {
        var (batch, kernel) = (run.Batch, norm.Kernel);
        switch (again ? Normalize : phase)
        {
            case Sum:
                kernel.SumStatistics(run.Of(input), batch, part);
                break;
            case Finish:
                if (part == 0) kernel.FinishStatistics(norm.Parameters.Norm(), norm.Count(batch));
                break;
            default:
                var normalize = epilogue.For(run.Arena) with { InnerScale = kernel.Scale, InnerShift = kernel.Shift };
                ElementWise.Apply(run.Of(input), run.Of(output), normalize, batch, part, parts);
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
sealed class NormBackwardStep(CpuNorm norm, CpuValue input, CpuValue? rectified, CpuValue gradient, CpuValue? target, bool accumulate)
    : CpuStep(Operation.Of(norm.Row, OperationKind.InputGradient), phases: 3)
{
    const int Sum = 0, Finish = 1;

    public override void Run(CpuRun run, int phase, int part, int parts)
    {
        var (batch, kernel, parameters) = (run.Batch, norm.Kernel, norm.Parameters);
        switch (phase)
        {
            case Sum:
                kernel.SumGradients(run.Of(input), rectified is null ? default : run.Of(rectified), run.Of(gradient), batch, part);
                break;
            case Finish:
                if (part == 0)
                    kernel.FinishGradients(parameters.Scale.Values, run.GradientOf(parameters.Scale), run.GradientOf(parameters.Shift), norm.Count(batch));
                break;
            default:
                if (target is not null)
                    kernel.InputGradient(run.Of(input), run.Of(gradient), run.Of(target), accumulate, batch, part);
                break;
        }
    }

    /// <summary>Does nothing: the layer is the program's to dispose.</summary>
    public override void Dispose()
    {
    }
}
