namespace ResNet.Runtime.Detection.Training;

/// <summary>The measurements of one step.</summary>
/// <param name="Step">Steps made so far, this one included.</param>
/// <param name="Epoch">The epoch, from 1 on.</param>
/// <param name="Batch">Steps of the epoch so far, this one included.</param>
/// <param name="Losses">Mean losses of the step's images.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientNorm">Length of the gradient of both networks, before clipping.</param>
/// <param name="ImagesPerSecond">Images of the step by the time since the last one.</param>
public readonly record struct DetectionStepMetrics(
    long Step, int Epoch, int Batch, DetectionLosses Losses, double LearningRate, double GradientNorm, double ImagesPerSecond);

/// <summary>The measurements of one epoch.</summary>
/// <param name="Step">Steps made so far.</param>
/// <param name="Epoch">The epoch, from 1 on.</param>
/// <param name="Losses">Mean losses over the epoch's images.</param>
/// <param name="Validation">Mean average precision on the validation images, from 0 to 1; null without validation.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Seconds">Duration of training, without validation.</param>
public sealed record DetectionEpochMetrics(long Step, int Epoch, DetectionLosses Losses, double? Validation, double LearningRate, double Seconds)
{
    /// <summary>The score by which the best epoch is chosen: the validation's, or the smallest loss without validation.</summary>
    internal double Score => Validation ?? -Losses.Total;

    /// <summary>The metrics by name, as a file of weights keeps them.</summary>
    internal Dictionary<string, double> ByName()
    {
        var metrics = new Dictionary<string, double> { ["epoch"] = Epoch, ["loss"] = Losses.Total };
        if (Validation is { } precision) metrics["map"] = precision;
        return metrics;
    }
}

/// <summary>Observes the training of a detector, on the thread that trains. An observer implements the notifications that it needs.</summary>
public interface IDetectionObserver
{
    /// <summary>A step was made.</summary>
    /// <param name="metrics">Its measurements.</param>
    void OnStep(DetectionStepMetrics metrics)
    {
    }

    /// <summary>An epoch is over. The notification precedes the checkpoint that counts the epoch: if the process is killed in between, the resumed run repeats it.</summary>
    /// <param name="metrics">Its measurements.</param>
    void OnEpoch(DetectionEpochMetrics metrics)
    {
    }

    /// <summary>
    /// A checkpoint is about to be written that counts all notifications so far. A run that resumes from it does not repeat them, so an observer
    /// that writes a file must flush it now.
    /// </summary>
    void BeforeCheckpoint()
    {
    }
}

/// <summary>The end of a run.</summary>
/// <param name="Steps">Steps made, those before resuming included.</param>
/// <param name="Epochs">Every finished epoch.</param>
/// <param name="Best">The epoch with the greatest score; null before the first has ended.</param>
/// <param name="Cancelled">Whether it was stopped before its end.</param>
/// <param name="Checkpoint">The newest checkpoint; null if none is kept.</param>
public sealed record DetectionTrainingResult(
    long Steps, IReadOnlyList<DetectionEpochMetrics> Epochs, DetectionEpochMetrics? Best, bool Cancelled, string? Checkpoint);
