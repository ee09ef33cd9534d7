using ResNet.Reports.Html;

namespace ResNet.Reports.Sections;

/// <summary>The pairs of classes that are mistaken most often.</summary>
static class ConfusionSection
{
    const int Most = 15;

    public static Markup Write(Findings findings)
    {
        var (pairs, labels) = (findings.Matrix.Confusions, findings.Labels);
        if (pairs.Count == 0) return default;
        return Document.Section("pairs", "Most confused pairs", $"""
            <p>{(pairs.Count > Most ? $"The {Most} most frequent of {pairs.Count} kinds of mistakes." : "All kinds of mistakes, the most frequent first.")}</p>
            {Document.Scrolling("Most confused pairs", $"""
                <table class="numbers words">
                <thead><tr><th scope="col">Right class</th><th scope="col">Taken for</th><th scope="col">Images</th><th scope="col">Of the class</th></tr></thead>
                <tbody>
                {pairs.Take(Most).Select(pair => (Markup)$"<tr><th scope=\"row\">{labels[pair.Class]}</th><td>{labels[pair.Predicted]}</td><td>{pair.Images}</td><td>{(double)pair.Images / findings.Matrix.Scores[pair.Class].Images:P1}</td></tr>\n")}</tbody>
                </table>

                """)}
            """);
    }
}
