using ResNet.Reports.Html;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The section with precision, recall and F1 of each class.</summary>
static class ClassSection
{
    public static Markup Write(Findings findings)
    {
        var scores = findings.Matrix.Scores.Where(score => score.F1 is not null).OrderBy(score => score.F1).ThenBy(score => score.Class).ToList();
        var absent = findings.Labels.Count - scores.Count;
        return Document.Section("classes", "Classes", $"""
            <p>The weakest first. Precision is the part of the images taken for a class that shows it; recall is the part of a class's images that was taken for it; F1 is their harmonic mean.{(absent > 0 ? $" {absent} of {findings.Labels.Count} classes have no image here and were never predicted." : "")}</p>
            {Document.Scrolling("Scores of the classes", $"""
                <table class="numbers">
                <thead><tr><th scope="col">Class</th><th scope="col">Images</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">F1</th></tr></thead>
                <tbody>
                {scores.Select(score => Row(score, findings.Labels[score.Class]))}</tbody>
                <tfoot><tr><th scope="row">all images, mean of the classes</th><td>{findings.Matrix.Images}</td><td>{Findings.Percent(scores.Average(score => score.Precision))}</td><td>{Findings.Percent(scores.Average(score => score.Recall))}</td><td>{Findings.Percent(findings.Matrix.MacroF1)}</td></tr></tfoot>
                </table>

                """)}
            """);
    }

    static Markup Row(ClassScore score, string label) =>
        $"<tr><th scope=\"row\">{label}</th><td>{score.Images}</td>{Bar(score.Precision)}{Bar(score.Recall)}{Bar(score.F1)}</tr>\n";

    static Markup Bar(double? part) => $"<td class=\"bar\" style=\"--share:{part ?? 0:F3}\">{Findings.Percent(part)}</td>";
}
