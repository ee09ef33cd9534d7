using ResNet.Runtime.Training;

namespace ResNet.Runtime.Detection.Training;

/// <summary>Writes a TensorBoard event file of a detector's training.</summary>
public sealed class DetectionTensorBoardLog : IDetectionObserver, IDisposable
{
    readonly TensorBoardLog _log;

    /// <summary>Creates the file <c>events.out.tfevents.…</c>.</summary>
    /// <param name="folder">The folder; created if it is missing.</param>
    public DetectionTensorBoardLog(string folder) => _log = new(folder);

    /// <inheritdoc/>
    public void OnStep(DetectionStepMetrics metrics)
    {
        WriteLosses("train", metrics.Step, metrics.Losses);
        _log.WriteScalars(metrics.Step,
            ("train/learning_rate", metrics.LearningRate), ("train/gradient_norm", metrics.GradientNorm), ("train/images_per_second", metrics.ImagesPerSecond));
    }

    /// <inheritdoc/>
    public void OnEpoch(DetectionEpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        WriteLosses("epoch", metrics.Step, metrics.Losses);
        if (metrics.Validation is { } precision) _log.WriteScalars(metrics.Step, ("epoch/map", precision));
        BeforeCheckpoint();
    }

    /// <inheritdoc/>
    public void BeforeCheckpoint() => _log.BeforeCheckpoint();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _log.Dispose();

    void WriteLosses(string group, long step, DetectionLosses losses) => _log.WriteScalars(step,
        ($"{group}/loss", losses.Total), ($"{group}/objectness", losses.Objectness), ($"{group}/proposal_boxes", losses.ProposalBoxes),
        ($"{group}/classes", losses.Classes), ($"{group}/boxes", losses.Boxes));
}
