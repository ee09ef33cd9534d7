using ILGPU.Runtime;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

sealed partial class GpuBinder
{
    GpuStep Bind(EvaluateLoss evaluate) => Training.Losses.Losses[evaluate.Output] is not { } attached ? Clear(evaluate) : attached.Loss switch
    {
        SoftmaxCrossEntropy { Probabilities: true, LabelSmoothing: var smoothing } => LossOfClasses(evaluate, attached, ClassTargets.Softmax, smoothing),
        SoftmaxCrossEntropy softmax => CrossEntropyOf(evaluate, attached, softmax),
        SigmoidCrossEntropy when attached.Classifies => LossOfClasses(evaluate, attached, ClassTargets.Sigmoid),
        SigmoidCrossEntropy => LossOfValues(evaluate, attached, ValueLosses.Sigmoid),
        SmoothL1 smooth => LossOfValues(evaluate, attached, ValueLosses.SmoothL1, (float)smooth.Beta),
        SuppliedGradient => LossOfValues(evaluate, attached, ValueLosses.Supplied),
        _ => throw new NotSupportedException($"Graphics devices have no kernel for {attached.Loss}"),
    };

    GpuStep CrossEntropyOf(EvaluateLoss evaluate, AttachedLoss attached, SoftmaxCrossEntropy softmax)
    {
        var memory = Training.Losses;
        var ofVectors = device.Kernel<CrossEntropy.LogitTerms>(CrossEntropy.OfVectors);
        var atPositions = device.PerValue<CrossEntropy.LogitTerms>(CrossEntropy.AtPositions);
        return new(evaluate.Operation, w =>
        {
            var arguments = new CrossEntropy.LogitTerms
            {
                Logits = w[evaluate.Logits],
                Gradient = w[evaluate.Gradient],
                Labels = memory.Labels(attached, w.Batch),
                Weights = memory.Weights(attached, w.Batch),
                Divisor = memory.Divisor(attached),
                Results = memory.Results(attached, w.Batch),
                Classes = attached.Shape.Channels,
                Count = w.Batch * attached.Places,
                Smoothing = softmax.LabelSmoothing,
                Factor = (float)softmax.Weight,
            };
            if (attached.Classifies) ofVectors((w.Batch, device.Threads), arguments);
            else atPositions(arguments.Count, arguments);
        });
    }

    GpuStep LossOfClasses(EvaluateLoss evaluate, AttachedLoss attached, Action<ClassTargets.Terms> run, float smoothing = 0)
    {
        var memory = Training.Losses;
        var kernel = device.Kernel(run);
        return new(evaluate.Operation, w => kernel((w.Batch, device.Threads), new()
        {
            Logits = w[evaluate.Logits],
            Gradient = w[evaluate.Gradient],
            Targets = memory.Values(attached, w.Batch),
            Weights = memory.Weights(attached, w.Batch),
            Divisor = memory.Divisor(attached),
            Results = memory.Results(attached, w.Batch),
            Classes = attached.Shape.Channels,
            Smoothing = smoothing,
            Factor = (float)attached.Loss.Weight,
        }));
    }

    GpuStep LossOfValues(EvaluateLoss evaluate, AttachedLoss attached, Action<ValueLosses.ValueTerms> run, float beta = 0)
    {
        var memory = Training.Losses;
        var kernel = device.PerValue(run);
        return new(evaluate.Operation, w => Shared.Each(w, attached.Shape, count => kernel(count, new()
        {
            Values = w[evaluate.Logits],
            Gradient = w[evaluate.Gradient],
            Targets = memory.Values(attached, w.Batch),
            Weights = memory.Weights(attached, w.Batch),
            Divisor = memory.Divisor(attached),
            Results = memory.Results(attached, w.Batch),
            Images = Shared.Images(attached.Shape),
            Factor = (float)attached.Loss.Weight,
            Beta = beta,
            Count = count,
        })));
    }

    /// <summary>An output without a loss has a gradient of zeros.</summary>
    GpuStep Clear(EvaluateLoss evaluate)
    {
        var kernel = device.PerValue<ElementWise.Passing>(ElementWise.Clear);
        return new(evaluate.Operation, w => Shared.Each(w, evaluate.Gradient.Shape, count =>
            kernel(count, new() { From = w[evaluate.Gradient], To = w[evaluate.Gradient], Count = count })));
    }
}
