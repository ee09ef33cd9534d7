using System.Globalization;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Detection.Training;

/// <summary>Writes <c>steps.csv</c> and <c>epochs.csv</c> of a detector's training, one row for each, with the four losses.</summary>
public sealed class DetectionCsvLog : IDetectionObserver, IDisposable
{
    const string Losses = "loss,objectness,proposal_boxes,classes,boxes";
    readonly CsvFile _steps, _epochs;

    /// <summary>Opens or creates the files.</summary>
    /// <param name="folder">The folder; created if it is missing.</param>
    /// <param name="after">The step from which the run resumes: later rows of an interrupted run are dropped. 0 starts anew.</param>
    public DetectionCsvLog(string folder, long after = 0)
    {
        Directory.CreateDirectory(folder);
        _steps = new(Path.Combine(folder, "steps.csv"), $"step,epoch,batch,{Losses},learning_rate,gradient_norm,images_per_second", after);
        _epochs = new(Path.Combine(folder, "epochs.csv"), $"step,epoch,{Losses},map,learning_rate,seconds", after);
    }

    /// <inheritdoc/>
    public void OnStep(DetectionStepMetrics metrics) => _steps.Write(metrics.Step, metrics.Epoch,
        $"{metrics.Batch},{Values(metrics.Losses)},{metrics.LearningRate},{metrics.GradientNorm},{metrics.ImagesPerSecond:F1}");

    /// <inheritdoc/>
    public void OnEpoch(DetectionEpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _epochs.Write(metrics.Step, metrics.Epoch, $"{Values(metrics.Losses)},{metrics.Validation},{metrics.LearningRate},{metrics.Seconds:F2}");
        Flush();
    }

    /// <inheritdoc/>
    public void BeforeCheckpoint() => Flush();

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _steps.Dispose();
        _epochs.Dispose();
    }

    void Flush()
    {
        _steps.Flush();
        _epochs.Flush();
    }

    static string Values(DetectionLosses losses) => string.Create(CultureInfo.InvariantCulture,
        $"{losses.Total},{losses.Objectness},{losses.ProposalBoxes},{losses.Classes},{losses.Boxes}");
}
