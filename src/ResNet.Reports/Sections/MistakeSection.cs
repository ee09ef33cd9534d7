using ResNet.Reports.Html;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The pictures that a network was surest of, wrongly.</summary>
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
            {Thumbnail(findings.Data, answer.Index, $"{right}, taken for {predicted}")}
            <figcaption><strong>{predicted}</strong> <span class="wrong-text">{answer.Probability:P1}</span><br>is {right}<br><span class="muted file" title="{name}">{ShortName(name)}</span></figcaption>
            </figure></li>

            """;
    }

    /// <summary>The file and its folder, which often is the class.</summary>
    static string ShortName(string name) => string.Join('/', name.Split('/', '\\').TakeLast(2));

    static Markup Thumbnail(ImageDataset data, int index, string alt)
    {
        Image picture;
        try
        {
            picture = Shrink(data.Load(index));
        }
        catch (DatasetException)
        {
            // It was read a moment ago; the report is worth more than one of its pictures.
            return $"<p class=\"muted\">The picture can no longer be read.</p>";
        }
        using var png = new MemoryStream();
        picture.SavePng(png);
        var isTiny = Math.Max(picture.Width, picture.Height) < ThumbnailSide / 2;
        return $"<img{(isTiny ? (Markup)$" class=\"tiny\"" : default)} src=\"data:image/png;base64,{Markup.Raw(Convert.ToBase64String(png.GetBuffer().AsSpan(0, (int)png.Length)))}\" width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{alt}\">";
    }

    static Image Shrink(Image picture)
    {
        var scale = (double)ThumbnailSide / Math.Max(picture.Width, picture.Height);
        return scale >= 1 ? picture : picture.Resize(Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));
    }
}
