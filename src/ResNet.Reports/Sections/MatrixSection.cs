using ResNet.Reports.Html;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The confusion matrix: whole where it can be read, of the most confused classes where there are more.</summary>
static class MatrixSection
{
    /// <summary>The most classes whose matrix fits a page.</summary>
    const int Most = 20;

    public static Markup Write(Findings findings)
    {
        var (matrix, labels) = (findings.Matrix, findings.Labels);
        var isWhole = matrix.Classes <= Most;
        var shown = isWhole ? [.. Enumerable.Range(0, matrix.Classes)] : MostConfused(matrix);
        var caption = isWhole
            ? "Each row holds the images of a class, each column those that were taken for a class. The diagonal is right."
            : $"The {shown.Count} classes with the most mistakes, of {matrix.Classes}. Each row holds the images of a class, each column those that were taken for a class; the diagonal is right.";
        return Document.Section("confusion", "Confusion matrix", shown.Count == 0 ? (Markup)$"<p>No image was taken for another class.</p>" : $"""
            <p>{caption} Colors are shares of the row.</p>
            {Document.Scrolling("Confusion matrix", Table(matrix, labels, shown, !isWhole))}
            """);
    }

    /// <summary>The classes that take part in the most mistakes, in their order.</summary>
    static List<int> MostConfused(ConfusionMatrix matrix) =>
    [
        .. matrix.Scores.Select(score => (score.Class, Mistakes: score.Images + score.Predicted - 2 * score.Right))
            .Where(score => score.Mistakes > 0)
            .OrderByDescending(score => score.Mistakes).ThenBy(score => score.Class)
            .Take(Most).Select(score => score.Class).Order(),
    ];

    static Markup Table(ConfusionMatrix matrix, IReadOnlyList<string> labels, List<int> shown, bool hasOthers) => $"""
        <table class="matrix">
        <thead>
        <tr><th scope="col">right class</th>{shown.Select(column => (Markup)$"<th scope=\"col\" title=\"taken for {labels[column]}\"><span>{labels[column]}</span></th>")}{(hasOthers ? (Markup)$"<th scope=\"col\"><span>others</span></th>" : default)}<th scope="col" class="total"><span>all</span></th></tr>
        </thead>
        <tbody>
        {shown.Select(row => Row(matrix, labels, shown, row, hasOthers))}</tbody>
        </table>

        """;

    static Markup Row(ConfusionMatrix matrix, IReadOnlyList<string> labels, List<int> shown, int row, bool hasOthers)
    {
        var all = matrix.Scores[row].Images;
        var others = all - shown.Sum(column => matrix[row, column]);
        return $"<tr><th scope=\"row\" title=\"{labels[row]}\">{labels[row]}</th>{shown.Select(column => Cell(matrix[row, column], all, column == row))}{(hasOthers ? Cell(others, all, isRight: false) : default)}<td class=\"total\">{all}</td></tr>\n";
    }

    static Markup Cell(int images, int all, bool isRight)
    {
        if (images == 0) return $"<td class=\"none\">0</td>";
        return $"<td class=\"{(isRight ? "right" : "wrong")}\" style=\"--share:{(double)images / all:F3}\" title=\"{(double)images / all:P1} of {all}\">{images}</td>";
    }
}
