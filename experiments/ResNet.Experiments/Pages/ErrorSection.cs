using System.Globalization;
using ResNet.Reports;
using ResNet.Runtime.Training;

namespace ResNet.Experiments.Pages;

/// <summary>The errors of the networks: at the end beside the paper's, and over the epochs.</summary>
static class ErrorSection
{
    /// <summary>Points of a loss curve: more would be noise.</summary>
    const int MostPoints = 100;

    /// <summary>Writes the section.</summary>
    /// <param name="outcome">The runs.</param>
    /// <param name="findings">The findings, in sentences.</param>
    /// <param name="paper">The unit of the paper's numbers: <c>CIFAR-10, %</c>.</param>
    public static ReportSection Write(Outcome outcome, IEnumerable<string> findings, string paper) => new("errors", "Errors")
    {
        Paragraphs = [.. findings],
        Charts = outcome.Schedule is { Epochs: 1 }
            ? [Loss(outcome)]
            :
            [
                Epochs(outcome, "test-error", "Error on the test images by epoch", epoch => 100 * (1 - epoch.Validation)),
                Epochs(outcome, "training-error", "Error while training by epoch", epoch => 100 * (1 - epoch.Accuracy)),
            ],
        Tables = [Table(outcome, paper)],
    };

    /// <summary>The losses by step, each a mean over a hundredth of the run.</summary>
    public static LineChart Loss(Outcome outcome) => new(
        "loss", "Training loss by step, averaged over hundredths of the run", "step", "loss",
        [.. outcome.Subjects.SelectMany(subject => outcome.Of(subject).Select((trial, index) => Curves.Of(subject, index == 0 ? subject.Label : "", Thinned(trial.Losses))))]);

    static ReportTable Table(Outcome outcome, string paper) => new(
        "results", "Errors of the last epoch",
        ["network", "test error (%)", "training error (%)", "loss", "seeds", $"paper: {paper}"],
        [.. outcome.Subjects.Select(subject => Row(subject, outcome.Of(subject)))]);

    static string[] Row(Subject subject, IReadOnlyList<Trial> trials) =>
    [
        subject.Label,
        Spread.Of([.. trials.Select(trial => trial.Error)]).ToString(),
        Spread.Of([.. trials.Select(trial => trial.TrainingError)]).ToString(),
        Spread.Of([.. trials.Select(trial => trial.Epochs[^1].Loss)]).ToString(),
        trials.Count.ToString(CultureInfo.InvariantCulture),
        subject.PaperResult,
    ];

    static LineChart Epochs(Outcome outcome, string name, string caption, Func<EpochMetrics, double?> value) => new(
        name, caption, "epoch", "error (%)", [.. outcome.Subjects.Select(subject => Curves.Of(subject, subject.Label, Points(outcome.Of(subject), value)))]);

    static List<CurvePoint> Points(IReadOnlyList<Trial> trials, Func<EpochMetrics, double?> value) =>
    [
        .. trials.SelectMany(trial => trial.Epochs).Where(epoch => value(epoch) is not null).GroupBy(epoch => epoch.Epoch).OrderBy(group => group.Key)
            .Select(group => Curves.Mean(group.Key, group.Select(epoch => value(epoch)!.Value))),
    ];

    static List<CurvePoint> Thinned(IReadOnlyList<StepLoss> losses) =>
        [.. losses.Chunk(Math.Max(1, losses.Count / MostPoints)).Select(part => new CurvePoint(part[^1].Step, part.Average(step => step.Loss)))];
}
