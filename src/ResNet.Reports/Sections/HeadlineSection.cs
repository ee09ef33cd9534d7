using ResNet.Reports.Html;

namespace ResNet.Reports.Sections;

/// <summary>The figures that are asked for first.</summary>
static class HeadlineSection
{
    const int BrokenShown = 50;

    public static Markup Write(Findings findings)
    {
        var result = findings.Result;
        return $"""
            <header>
            <p class="kicker">Evaluation report</p>
            <h1>{findings.Model}</h1>
            <p class="data">{findings.Data.Description}</p>
            {(result.IsAveraged ? (Markup)$"<p class=\"muted\" id=\"protocol\">{result.Protocol.ToString()}</p>" : default)}
            <p class="muted"><time datetime="{findings.Date:yyyy-MM-ddTHH:mm:sszzz}">{findings.Date:yyyy-MM-dd HH:mm}</time></p>
            </header>
            <dl class="cards">
            {Card("top1", "Top-1 accuracy", $"{result.Top1Accuracy:P2}",
                $"{result.Top1} of {result.Images} images; with 95 % confidence {result.Top1Interval.Lower:P1} to {result.Top1Interval.Upper:P1}")}
            {(findings.Labels.Count > 5 ? Card("top5", "Top-5 accuracy", $"{result.Top5Accuracy:P2}", $"{result.Top5} of {result.Images} images") : default)}
            {Card("images", "Images", $"{result.Images}", $"of {findings.Labels.Count} classes; {result.ImagesPerSecond:F1} images/s")}
            {Card("macro-f1", "Macro F1", findings.Matrix.MacroF1 is { } macro ? (Markup)$"{macro:F3}" : $"–", $"the mean over classes of precision and recall together")}
            {Card("ece", "Calibration error", Findings.Percent(findings.Calibration.ExpectedError), $"confidence and accuracy differ by this on average")}
            </dl>
            {Broken(findings)}
            """;
    }

    static Markup Card(string id, string name, Markup value, Markup note) => $"""
        <div><dt>{name}</dt><dd id="{id}" class="figure">{value}</dd><dd class="muted">{note}</dd></div>

        """;

    static Markup Broken(Findings findings)
    {
        var broken = findings.Result.Broken;
        if (broken.Count == 0) return default;
        return $"""
            <details class="warning">
            <summary>{broken.Count} {(broken.Count == 1 ? "image" : "images")} could not be read and were left out</summary>
            <ul>
            {broken.Take(BrokenShown).Select(image => (Markup)$"<li>{image.Reason}</li>\n")}{(broken.Count > BrokenShown ? (Markup)$"<li>and {broken.Count - BrokenShown} more</li>\n" : default)}</ul>
            </details>

            """;
    }
}
