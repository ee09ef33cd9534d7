using Microsoft.Extensions.Logging;

namespace ResNet.Runtime.Training;

/// <summary>Tells an <see cref="ILogger"/> how training goes: of every epoch at the level Information, of every step at Debug.</summary>
/// <param name="logger">Receives the messages.</param>
public sealed partial class TrainingLogger(ILogger logger) : ITrainingObserver
{
    /// <inheritdoc/>
    public void OnStep(StepMetrics metrics) => LogStep(logger, metrics.Step, metrics.Epoch, metrics.Loss, metrics.Accuracy, metrics.LearningRate, metrics.ImagesPerSecond);

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        LogEpoch(logger, metrics.Epoch, metrics.Loss, metrics.Accuracy, metrics.Validation, metrics.Seconds);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Step {Step} of epoch {Epoch}: loss {Loss}, accuracy {Accuracy}, learning rate {LearningRate}, {ImagesPerSecond} images/s")]
    static partial void LogStep(ILogger logger, long step, int epoch, double loss, double accuracy, double learningRate, double imagesPerSecond);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Epoch {Epoch}: loss {Loss}, accuracy {Accuracy}, validation {Validation}, {Seconds} s")]
    static partial void LogEpoch(ILogger logger, int epoch, double loss, double accuracy, double? validation, double seconds);
}
