using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>What varies from training step to training step, and what a step leaves beside the values.</summary>
/// <param name="gradientLength">Number of trained parameters.</param>
sealed unsafe class CpuTrainingState(int gradientLength)
{
    readonly float[] _gradients = new float[gradientLength];
    (double Loss, bool IsCorrect)[] _results = [];

    /// <summary>Gradients of the parameters, laid out as <see cref="Parameters.Trained"/>.</summary>
    public Span<float> Gradients => _gradients;

    /// <summary>Number of the step.</summary>
    public long Step { get; set; }

    /// <summary>The class of each image.</summary>
    public int* Labels { get; set; }

    /// <summary>Share of the target that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>The gradient of a parameter.</summary>
    public Span<float> GradientOf(ParameterTensor parameter) => _gradients.AsSpan(parameter.Offset, parameter.Length);

    /// <summary>Makes room for the results of a batch.</summary>
    public void Reserve(int batch)
    {
        if (batch > _results.Length) _results = new (double, bool)[batch];
    }

    /// <summary>Computes a part of the losses and of the gradient of the logits.</summary>
    public void EvaluateLoss(FeatureMaps logits, FeatureMaps gradient, int batch, int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(batch, part, parts);
        for (var image = first; image < end; image++)
            _results[image] = CrossEntropy.Run(logits, gradient, image, Labels[image], LabelSmoothing, batch);
    }

    /// <summary>The mean of the losses of a batch, and how many guesses were right.</summary>
    public StepResult Summarize(int batch)
    {
        var (loss, correct) = (0.0, 0);
        foreach (var result in _results.AsSpan(0, batch))
        {
            loss += result.Loss;
            if (result.IsCorrect) correct++;
        }
        return new(loss / batch, correct);
    }
}
