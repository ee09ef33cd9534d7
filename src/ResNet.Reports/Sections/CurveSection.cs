using ResNet.Reports.Charts;
using ResNet.Reports.Html;
using ResNet.Runtime.Training;

namespace ResNet.Reports.Sections;

/// <summary>The section with the curves of training.</summary>
static class CurveSection
{
    public static Markup Write(Findings findings)
    {
        var epochs = findings.Epochs;
        if (epochs.Count == 0) return default;
        return Document.Section("training", "Training", $"""
            <div class="charts">
            <figure>
            {Chart.Inline(EpochCharts.Error(epochs), $"Error by epoch; the table below has the values. {Summary(epochs)}")}
            <figcaption>Error by epoch. {Summary(epochs)}</figcaption>
            </figure>
            <figure>
            {Chart.Inline(EpochCharts.Loss(epochs), "Training loss by epoch; the table below has the values")}
            <figcaption>Mean loss of the training images by epoch.</figcaption>
            </figure>
            </div>
            <details>
            <summary>The epochs as a table</summary>
            {Document.Scrolling("Epochs", Table(epochs))}</details>
            """);
    }

    static string Summary(IReadOnlyList<EpochMetrics> epochs) =>
        epochs.Where(epoch => epoch.Validation is not null).MaxBy(epoch => epoch.Validation) is { } best
            ? FormattableString.Invariant($"The best validation is {best.Validation:P2}, in epoch {best.Epoch} of {epochs[^1].Epoch}.")
            : FormattableString.Invariant($"There was no validation; the last of {epochs[^1].Epoch} epochs classified {epochs[^1].Accuracy:P2} right while training.");

    static Markup Table(IReadOnlyList<EpochMetrics> epochs) => $"""
        <table class="numbers">
        <thead><tr><th scope="col">Epoch</th><th scope="col">Loss</th><th scope="col">Training accuracy</th><th scope="col">Validation accuracy</th><th scope="col">Learning rate</th><th scope="col">Seconds</th></tr></thead>
        <tbody>
        {epochs.Select(Row)}</tbody>
        </table>

        """;

    static Markup Row(EpochMetrics epoch) =>
        $"<tr><th scope=\"row\">{epoch.Epoch}</th><td>{epoch.Loss:F4}</td><td>{epoch.Accuracy:P2}</td><td>{Findings.Percent(epoch.Validation)}</td><td>{epoch.LearningRate:G3}</td><td>{epoch.Seconds:F1}</td></tr>\n";
}
