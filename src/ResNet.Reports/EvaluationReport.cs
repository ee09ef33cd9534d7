using ResNet.Reports.Html;
using ResNet.Reports.Sections;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Files;
using ResNet.Runtime.Training;

namespace ResNet.Reports;

/// <summary>
/// The result of an evaluation, for people: one self-contained HTML file, without scripts. It shows accuracy, curves
/// of the training, confusion matrix, scores per class, the most confused pairs, the worst mistakes as pictures, and calibration.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>The name of the network.</summary>
    public required string Model { get; init; }

    /// <summary>The names of the classes, by index, as of <see cref="Runtime.Network.Labels"/>.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The images that were classified; those of the worst mistakes are read again.</summary>
    public required ImageDataset Data { get; init; }

    /// <summary>The result, with its predictions kept.</summary>
    public required EvaluationResult Result { get; init; }

    /// <summary>The epochs of the network's training; without them there are no curves.</summary>
    public IReadOnlyList<EpochMetrics> Epochs { get; init; } = [];

    /// <summary>When the evaluation was made.</summary>
    public DateTimeOffset Date { get; init; } = DateTimeOffset.Now;

    /// <summary>Writes the report to a file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="InvalidOperationException">As of <see cref="Write(TextWriter)"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path) => WholeFile.WriteText(path, Page().ToString());

    /// <summary>Writes the report as an HTML document.</summary>
    /// <param name="writer">Receives the document.</param>
    /// <exception cref="InvalidOperationException">
    /// The result lacks its predictions (<see cref="EvaluationOptions.KeepPredictions"/>), or they name classes without a label.
    /// </exception>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Page().ToString());
    }

    Markup Page()
    {
        if (Result.Predictions.Count != Result.Images)
            throw new InvalidOperationException(
                $"The report needs the predictions of all {Result.Images} images, and the result has {Result.Predictions.Count}: evaluate with {nameof(EvaluationOptions.KeepPredictions)}");
        if (Result.Predictions.Any(answer => Math.Max(answer.Class, answer.Predicted) >= Labels.Count))
            throw new InvalidOperationException($"The result has classes beyond the {Labels.Count} labels");
        var findings = new Findings(Model, Labels, Data, Result, Epochs, Date, new(Labels.Count, Result.Predictions), new(Result.Predictions));
        return Document.Write($"{Model} on {Data.Description}",
        [
            HeadlineSection.Write(findings),
            CurveSection.Write(findings),
            MatrixSection.Write(findings),
            ClassSection.Write(findings),
            ConfusionSection.Write(findings),
            MistakeSection.Write(findings),
            CalibrationSection.Write(findings),
        ]);
    }
}
