using ResNet.Runtime.Cpu.Losses;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The loss of an output and its gradient, row by row of the output.</summary>
/// <param name="operation">The operation.</param>
/// <param name="attached">The loss.</param>
/// <param name="output">The value of the output.</param>
/// <param name="gradient">Its gradient.</param>
sealed class LossStep(Operation operation, AttachedLoss attached, CpuValue output, CpuValue gradient) : CpuStep(operation)
{
    readonly LossKernel _kernel = KernelOf(attached);

    public override void Run(CpuRun run, int phase, int part, int parts)
    {
        var state = run.Training!;
        var (values, slopes) = (run.Of(output), run.Of(gradient));
        var targets = state.TargetsOf(attached);
        var height = attached.Shape.Height;
        var (first, end) = WorkSplit.Slice(run.Batch * height, part, parts);
        var results = state.RowsOf(attached.Output);
        for (var i = first; i < end; i++) results[i] = _kernel(values, slopes, i / height, i % height, targets);
    }

    public override void Dispose()
    {
    }

    static LossKernel KernelOf(AttachedLoss attached) => attached.Loss switch
    {
        SoftmaxCrossEntropy { Probabilities: true, LabelSmoothing: var smoothing } =>
            (values, slopes, image, _, in targets) => ProbabilityKernel.Run(values, slopes, image, targets, smoothing),
        SoftmaxCrossEntropy { LabelSmoothing: var smoothing } =>
            (values, slopes, image, row, in targets) => SoftmaxKernel.Run(values, slopes, image, row, targets, smoothing),
        SigmoidCrossEntropy when attached.Classifies => (values, slopes, image, row, in targets) =>
            (ValueKernel.Run(values, slopes, image, row, targets, new SigmoidLoss()), ProbabilityKernel.IsRight(values, image, targets) ? 1 : 0),
        SigmoidCrossEntropy => OfValues(new SigmoidLoss()),
        SmoothL1 { Beta: var beta } => OfValues(new SmoothL1Loss(beta)),
        SuppliedGradient => OfValues(new SuppliedSlope()),
        _ => throw new NotSupportedException($"The processor has no kernel for {attached.Loss}"),
    };

    static LossKernel OfValues<T>(T loss) where T : struct, IValueLoss =>
        (values, slopes, image, row, in targets) => (ValueKernel.Run(values, slopes, image, row, targets, loss), 0);

    delegate (double Loss, int Correct) LossKernel(FeatureMaps values, FeatureMaps slopes, int image, int row, in LossTargets targets);
}
