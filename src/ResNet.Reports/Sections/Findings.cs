using ResNet.Reports.Html;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;

namespace ResNet.Reports.Sections;

/// <summary>All that a report shows.</summary>
sealed record Findings(
    string Model, IReadOnlyList<string> Labels, ImageDataset Data, EvaluationResult Result, IReadOnlyList<EpochMetrics> Epochs, DateTimeOffset Date,
    ConfusionMatrix Matrix, Calibration Calibration)
{
    /// <summary>The answers that are wrong.</summary>
    public IEnumerable<EvaluatedImage> Mistakes => Result.Predictions.Where(answer => answer.Predicted != answer.Class);

    /// <summary>A part from 0 to 1 as a percentage; a dash where there is none.</summary>
    public static Markup Percent(double? part) => part is { } value ? $"{value:P1}" : (Markup)$"–";
}
