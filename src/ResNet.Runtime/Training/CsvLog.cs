using System.Globalization;

namespace ResNet.Runtime.Training;

/// <summary>Writes <c>steps.csv</c> and <c>epochs.csv</c>, one row for each.</summary>
public sealed class CsvLog : ITrainingObserver, IDisposable
{
    const string StepHeader = "step,epoch,batch,loss,accuracy,learning_rate,gradient_norm,images_per_second";
    const string EpochHeader = "step,epoch,loss,accuracy,validation,learning_rate,seconds";
    readonly StreamWriter _steps, _epochs;

    /// <summary>Opens or creates the files.</summary>
    /// <param name="folder">The folder; created if it is missing.</param>
    /// <param name="after">The step from which the run resumes: later rows of an interrupted run are dropped. 0 starts anew.</param>
    public CsvLog(string folder, long after = 0)
    {
        Directory.CreateDirectory(folder);
        _steps = Open(Path.Combine(folder, "steps.csv"), StepHeader, after);
        _epochs = Open(Path.Combine(folder, "epochs.csv"), EpochHeader, after);
    }

    /// <inheritdoc/>
    public void OnStep(StepMetrics metrics) => _steps.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{metrics.Step},{metrics.Epoch},{metrics.Batch},{metrics.Loss},{metrics.Accuracy},{metrics.LearningRate},{metrics.GradientNorm},{metrics.ImagesPerSecond:F1}"));

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _epochs.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{metrics.Step},{metrics.Epoch},{metrics.Loss},{metrics.Accuracy},{metrics.Validation},{metrics.LearningRate},{metrics.Seconds:F2}"));
        _epochs.Flush();
        _steps.Flush();
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _steps.Dispose();
        _epochs.Dispose();
    }

    /// <summary>Opens or creates a file and keeps its rows up to a step, the number in the first column.</summary>
    internal static StreamWriter Open(string path, string header, long after)
    {
        var kept = after > 0 && File.Exists(path) ? File.ReadAllLines(path).Skip(1).Where(row => IsUpTo(row, after)).ToArray() : [];
        var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine(header);
        foreach (var row in kept) writer.WriteLine(row);
        return writer;
    }

    /// <summary>Whether a row is of that step or an earlier one; the last row of a killed run may be broken off.</summary>
    static bool IsUpTo(string row, long after) =>
        row.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma && long.TryParse(row.AsSpan(0, comma), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step <= after;
}
