using System.Globalization;
using ResNet.Experiments.Probes;
using ResNet.Reports;

namespace ResNet.Experiments.Pages;

/// <summary>Layer responses, as in He et al. 2015, Figure 7.</summary>
static class ResponseSection
{
    public static ReportSection Write(Outcome outcome) => new("responses", "Layer responses")
    {
        Paragraphs = [.. outcome.Subjects.Select(subject => Describe(subject, outcome.Of(subject)))],
        Charts =
        [
            Chart(outcome, "responses", "Standard deviation of each 3×3 layer's response, in the order of the layers", "layer", deviations => deviations),
            Chart(outcome, "sorted-responses", "The same, sorted by size", "layer, sorted by size", deviations => [.. deviations.OrderDescending()]),
        ],
        Tables = [Table(outcome)],
        FoldsTables = true,
    };

    static string Describe(Subject subject, IReadOnlyList<Trial> trials) =>
        FormattableString.Invariant($"{subject.Label}: mean response {trials.Average(trial => Deviations(trial).Average()):F3} over {Deviations(trials[0]).Count} layers.");

    static IReadOnlyList<double> Deviations(Trial trial) => trial.Probes[^1].Table[ResponseProbe.Deviation];

    static LineChart Chart(Outcome outcome, string name, string caption, string axis, Func<IReadOnlyList<double>, IReadOnlyList<double>> order) => new(
        name, caption, axis, "standard deviation",
        [.. outcome.Subjects.Select(subject => Curves.Of(subject, subject.Label, Points(outcome.Of(subject), order)))]);

    static IReadOnlyList<CurvePoint> Points(IReadOnlyList<Trial> trials, Func<IReadOnlyList<double>, IReadOnlyList<double>> order) =>
        Curves.Means([.. trials.Select(trial => order(Deviations(trial)))], first: 1);

    static ReportTable Table(Outcome outcome) => new(
        "responses", "The standard deviations as a table", ["network", "layer", "standard deviation"],
        [.. outcome.Subjects.SelectMany(subject => Points(outcome.Of(subject), deviations => deviations).Select(point => (string[])
        [
            subject.Label, point.X.ToString("F0", CultureInfo.InvariantCulture), point.Y.ToString("F4", CultureInfo.InvariantCulture),
        ]))]);
}
