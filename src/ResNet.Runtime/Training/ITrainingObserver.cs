namespace ResNet.Runtime.Training;

/// <summary>The measurements of one step.</summary>
/// <param name="Step">Steps made so far, this one included.</param>
/// <param name="Epoch">The epoch, from 1 on.</param>
/// <param name="Batch">Batches of the epoch so far, this one included.</param>
/// <param name="Loss">Mean loss of the batch.</param>
/// <param name="Accuracy">Part of the batch that was classified right, while training.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientNorm">Length of the gradient, before clipping.</param>
/// <param name="ImagesPerSecond">Images of the batch by the time since the last step.</param>
public readonly record struct StepMetrics(
    long Step, int Epoch, int Batch, double Loss, double Accuracy, double LearningRate, double GradientNorm, double ImagesPerSecond);

/// <summary>The measurements of one epoch.</summary>
/// <param name="Step">Steps made so far.</param>
/// <param name="Epoch">The epoch, from 1 on.</param>
/// <param name="Loss">Mean loss over the epoch's images.</param>
/// <param name="Accuracy">Part of the epoch's images that was classified right, while training.</param>
/// <param name="Validation">Part of the validation images that was classified right; null without validation.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Seconds">Duration of training, without validation.</param>
public sealed record EpochMetrics(long Step, int Epoch, double Loss, double Accuracy, double? Validation, double LearningRate, double Seconds)
{
    /// <summary>The score by which the best epoch is chosen: the validation's accuracy, or the training's without validation.</summary>
    internal double Score => Validation ?? Accuracy;

    /// <summary>As <see cref="Network.Metrics"/> has it.</summary>
    internal Dictionary<string, double> ByName()
    {
        var metrics = new Dictionary<string, double> { ["epoch"] = Epoch, ["loss"] = Loss, ["training_top1"] = Accuracy };
        if (Validation is { } top1) metrics["top1"] = top1;
        return metrics;
    }
}

/// <summary>Observes training, on the thread that trains. An observer implements the notifications that it needs.</summary>
public interface ITrainingObserver
{
    /// <summary>A step has computed its gradients, and the weights are still those that it computed them with.</summary>
    /// <param name="values">Gives the gradients and the network's inner values.</param>
    void BeforeUpdate(StepValues values)
    {
    }

    /// <summary>A step was made.</summary>
    /// <param name="metrics">Its measurements.</param>
    void OnStep(StepMetrics metrics)
    {
    }

    /// <summary>An epoch is over. The notification precedes the checkpoint that counts the epoch: if the process is killed in between, the resumed run repeats it.</summary>
    /// <param name="metrics">Its measurements.</param>
    void OnEpoch(EpochMetrics metrics)
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
