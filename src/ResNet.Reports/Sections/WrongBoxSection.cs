using ResNet.Reports.Html;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Drawing;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>The wrong detections of greatest score, and the largest objects that were missed.</summary>
static class WrongBoxSection
{
    const int MostOfEach = 12, Side = 400;
    const double Near = 0.1;

    public static Markup Write(DetectionFindings findings)
    {
        var result = findings.Result;
        var wrong = result.Background.Concat(result.Duplicates).OrderByDescending(found => found.Detection.Score).Take(MostOfEach).ToList();
        var missed = result.Missed.OrderByDescending(item => item.Object.Box.Area).Take(MostOfEach).ToList();
        if (wrong.Count + missed.Count == 0) return Document.Section("mistakes", "Mistakes", $"<p>There are none.</p>");
        return $"{(wrong.Count == 0 ? default : Wrong(findings, wrong))}{(missed.Count == 0 ? default : Missed(findings, missed))}";
    }

    static Markup Wrong(DetectionFindings findings, List<SceneDetection> wrong) => Document.Section("wrong", "Worst detections", $"""
        <p>The wrong detections that the detector was surest of. Dashed are the true objects.</p>
        <ul class="pictures large">
        {wrong.Select(found => Picture(findings, found.Image, found.Detection.Name, $"{found.Detection.Score:P1}", findings.Result.Duplicates.Contains(found) ? "found already" : "on no object of this class, or on too little of it",
            [.. Truth(findings, found.Image), new(found.Detection.Box, FormattableString.Invariant($"{found.Detection.Name} {100 * found.Detection.Score:F0}%"), found.Detection.Label)]))}</ul>
        """);

    static Markup Missed(DetectionFindings findings, List<SceneObject> missed) => Document.Section("missed", "Largest missed objects", $"""
        <p>The largest objects that no detection of their class lies on. Dashed is the missed object; the others are the detections near it.</p>
        <ul class="pictures large">
        {missed.Select(item => Picture(findings, item.Image, NameOf(findings, item.Object), $"missed", Nearest(findings, item),
            [.. findings.Scenes[item.Image].Found.Where(found => found.Box.Overlap(item.Object.Box) >= Near).OrderBy(found => found.Score).Select(found => new DrawnBox(found.Box, FormattableString.Invariant($"{found.Name} {100 * found.Score:F0}%"), found.Label)),
                new(item.Object.Box, NameOf(findings, item.Object), item.Object.Label) { IsDashed = true }]))}</ul>
        """);

    static string NameOf(DetectionFindings findings, ObjectAnnotation item) => findings.Result.Classes[item.Label].Name;

    static IEnumerable<DrawnBox> Truth(DetectionFindings findings, int image) =>
        findings.Scenes[image].Truth.Select(item => new DrawnBox(item.Box, null, item.Label) { IsDashed = true });

    static string Nearest(DetectionFindings findings, SceneObject item) =>
        findings.Scenes[item.Image].Found.Any(found => found.Box.Overlap(item.Object.Box) >= Near) ? "detections near it are drawn" : "nothing was found near it";

    static Markup Picture(DetectionFindings findings, int image, string name, Markup mark, string note, DrawnBox[] boxes)
    {
        var file = findings.Data.NameOf(image);
        return $"""
            <li><figure>
            {Thumbnail.Write(() => Draw(findings.Data.Load(image), boxes), $"{name}: {note}", 0)}
            <figcaption><strong>{name}</strong> <span class="wrong-text">{mark}</span><br>{note}<br><span class="muted file" title="{file}">{Thumbnail.ShortName(file)}</span></figcaption>
            </figure></li>

            """;
    }

    /// <summary>Resizes a picture before boxes are drawn, so that their text can be read.</summary>
    static Image Draw(Image picture, DrawnBox[] boxes)
    {
        var (width, height) = new DetectionSize(Side, Side).SizeOf(picture.Width, picture.Height);
        var resized = picture.Resize(width, height);
        return DetectionDrawing.Draw(resized, [.. boxes.Select(item => item with { Box = item.Box.Scale((double)width / picture.Width, (double)height / picture.Height) })]);
    }
}
