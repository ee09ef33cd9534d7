using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A factor and a shift per channel, and what follows.</summary>
/// <param name="norm">The layer.</param>
/// <param name="input">The value that the layer reads.</param>
/// <param name="output">The result.</param>
/// <param name="epilogue">The epilogue.</param>
/// <param name="again">Whether the step has been through the layer before: factor and shift are those of that time then.</param>
sealed class NormForwardStep(CpuNorm norm, CpuValue input, CpuValue output, CpuEpilogue epilogue, bool again)
    : CpuStep(Operation.Of(norm.Row), phases: again ? 1 : 3)
{
    const int Sum = 0, Finish = 1, Apply = 2;

    public override void Prepare(ConvolutionChoice choice) => epilogue.Prepare();

    public override unsafe void Run(CpuRun run, int phase, int part, int parts)
    {
        switch (again ? Apply : phase)
        {
            case Sum:
                norm.SumStatistics(run, input, part);
                break;
            case Finish:
                if (part == 0) norm.FinishStatistics(run);
                break;
            default:
                var then = epilogue.For(run.Arena) with { InnerScale = norm.Scale, InnerShift = norm.Shift };
                ElementWise.Apply(run.Of(input), run.Of(output), then, run.Batch, part, parts);
                break;
        }
    }

    public override void Dispose() => epilogue.Dispose();
}

/// <summary>Backward through a factor and a shift per channel, and the ReLU after it.</summary>
/// <param name="norm">The layer.</param>
/// <param name="values">The values.</param>
sealed class NormBackwardStep(CpuNorm norm, NormGradient values) : CpuStep(Operation.Of(norm.Row, OperationKind.InputGradient), phases: 3)
{
    const int Sum = 0, Finish = 1;

    public override ParameterTensor[] Gradients { get; } = norm.Trained;

    public override void Run(CpuRun run, int phase, int part, int parts)
    {
        switch (phase)
        {
            case Sum:
                norm.SumGradients(run, values, part);
                break;
            case Finish:
                if (part == 0) norm.FinishGradients(run);
                break;
            default:
                if (values.Target is { } target) norm.InputGradient(run, values, target, part);
                break;
        }
    }

    /// <summary>Does nothing: the layer is the program's to dispose.</summary>
    public override void Dispose()
    {
    }
}
