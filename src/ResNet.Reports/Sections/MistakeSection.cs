using ResNet.Reports.Html;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The misclassified pictures of greatest confidence.</summary>
static class MistakeSection
{
    const int Most = 24, ThumbnailSide = 160;

    public static Markup Write(Findings findings)
    {
        // Sorted so that what is not a number comes last.
        var worst = findings.Mistakes.OrderByDescending(answer => answer.Probability).ThenBy(answer => answer.Index).Take(Most).ToList();
        if (worst.Count == 0) return Document.Section("mistakes", "Mistakes", $"<p>There are none.</p>");
        var count = findings.Result.Images - findings.Result.Top1;
        return Document.Section("mistakes", "Worst mistakes", $"""
            <p>{(count > worst.Count ? $"Of {count} mistakes, the {worst.Count} that the network was surest of." : "All mistakes, those that the network was surest of first.")}</p>
            <ul class="pictures">
            {worst.Select(answer => Picture(findings, answer))}</ul>
            """);
    }

    static Markup Picture(Findings findings, EvaluatedImage answer)
    {
        var (right, predicted, name) = (findings.Labels[answer.Class], findings.Labels[answer.Predicted], findings.Data.NameOf(answer.Index));
        return $"""
            <li><figure>
            {Thumbnail.Write(() => Thumbnail.Shrink(findings.Data.Load(answer.Index), ThumbnailSide), $"{right}, taken for {predicted}", ThumbnailSide / 2)}
            <figcaption><strong>{predicted}</strong> <span class="wrong-text">{answer.Probability:P1}</span><br>is {right}<br><span class="muted file" title="{name}">{Thumbnail.ShortName(name)}</span></figcaption>
            </figure></li>

            """;
    }
}
