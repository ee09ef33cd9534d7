namespace ResNet.Runtime.Training;

/// <summary>Writes <c>steps.csv</c> and <c>epochs.csv</c>, one row for each.</summary>
public sealed class CsvLog : ITrainingObserver, IDisposable
{
    const string StepHeader = "step,epoch,batch,loss,accuracy,learning_rate,gradient_norm,images_per_second";
    const string EpochHeader = "step,epoch,loss,accuracy,validation,learning_rate,seconds";
    readonly CsvFile _steps, _epochs;

    /// <summary>Opens or creates the files.</summary>
    /// <param name="folder">The folder; created if it is missing.</param>
    /// <param name="after">The step from which the run resumes: later rows of an interrupted run are dropped. 0 starts anew.</param>
    public CsvLog(string folder, long after = 0)
    {
        Directory.CreateDirectory(folder);
        _steps = new(Path.Combine(folder, "steps.csv"), StepHeader, after);
        _epochs = new(Path.Combine(folder, "epochs.csv"), EpochHeader, after);
    }

    /// <inheritdoc/>
    public void OnStep(StepMetrics metrics) => _steps.Write(metrics.Step, metrics.Epoch,
        $"{metrics.Batch},{metrics.Loss},{metrics.Accuracy},{metrics.LearningRate},{metrics.GradientNorm},{metrics.ImagesPerSecond:F1}");

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _epochs.Write(metrics.Step, metrics.Epoch, $"{metrics.Loss},{metrics.Accuracy},{metrics.Validation},{metrics.LearningRate},{metrics.Seconds:F2}");
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
}
