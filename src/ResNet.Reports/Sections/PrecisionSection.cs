using ResNet.Reports.Charts;
using ResNet.Reports.Html;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The section with average precision and the curve of each class.</summary>
static class PrecisionSection
{
    // As many curves as there are colors, and no more charts than are looked at.
    const int CurvesPerChart = 6, MostCurves = 24;

    public static Markup Write(DetectionFindings findings)
    {
        var present = findings.Result.Classes.Where(entry => entry.AveragePrecision is not null).OrderBy(entry => entry.AveragePrecision).ThenBy(entry => entry.Label).ToList();
        if (present.Count == 0) return Document.Section("precision", "Classes", $"<p>There is no object to find.</p>");
        var absent = findings.Result.Classes.Count - present.Count;
        var drawn = present.Where(entry => entry.Curve.Count > 0).Take(MostCurves).ToList();
        return Document.Section("precision", "Classes", $"""
            <p>The weakest first. Average precision is the area below a curve that says how many of the detections are right while ever more of the objects are found.{(absent > 0 ? $" {absent} of {findings.Result.Classes.Count} classes have no object here." : "")}</p>
            {Document.Scrolling("Average precision of the classes", $"""
                <table class="numbers">
                <thead><tr><th scope="col">Class</th><th scope="col">Objects</th><th scope="col">Average precision</th><th scope="col">Greatest recall</th></tr></thead>
                <tbody>
                {present.Select(Row)}</tbody>
                <tfoot><tr><th scope="row">all objects, mean of the classes</th><td>{present.Sum(entry => entry.Objects)}</td><td>{Findings.Percent(findings.Result.MeanAveragePrecision)}</td><td>{Findings.Percent(present.Average(GreatestRecall))}</td></tr></tfoot>
                </table>

                """)}
            <div class="charts">
            {drawn.Chunk(CurvesPerChart).Select(Figure)}</div>
            """);
    }

    static Markup Row(ClassPrecision entry) => $"""
        <tr><th scope="row">{entry.Name}</th><td>{entry.Objects}</td><td class="bar" style="--share:{entry.AveragePrecision!.Value:F3}">{Findings.Percent(entry.AveragePrecision)}</td><td>{Findings.Percent(GreatestRecall(entry))}</td></tr>

        """;

    static double GreatestRecall(ClassPrecision entry) => entry.Curve.Count > 0 ? entry.Curve[^1].Recall : 0;

    static Markup Figure(ClassPrecision[] entries)
    {
        var names = string.Join(", ", entries.Select(entry => entry.Name));
        return $"""
            <figure>
            {Chart.Inline(DetectionCharts.Precision(entries), $"Precision by recall of {names}; the table above has the areas")}
            <figcaption>Precision by recall: {names}.</figcaption>
            </figure>

            """;
    }
}
