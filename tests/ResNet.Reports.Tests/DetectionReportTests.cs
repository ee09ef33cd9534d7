using System.Text.RegularExpressions;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Tests;

public partial class DetectionReportTests
{
    static readonly ShapesDetection _data = new(40, DatasetSplit.Test);

    /// <summary>A detector that finds two of three objects, some of them twice, and now and then something on the ground.</summary>
    static IReadOnlyList<EvaluatedScene> Scenes(Func<string, string>? rename = null) => [.. Enumerable.Range(0, _data.Count).Select(index =>
    {
        var random = new Random(index);
        var truth = _data.Objects(index);
        var found = new List<DetectedObject>();
        foreach (var item in truth)
        {
            var name = rename is null ? _data.Classes[item.Label] : rename(_data.Classes[item.Label]);
            if (random.Next(3) > 0) found.Add(new(item.Label, name, 0.5 + random.NextDouble() / 2, item.Box with { X1 = item.Box.X1 + 1 }));
            if (random.Next(5) == 0) found.Add(new(item.Label, name, random.NextDouble() / 2, item.Box));
            if (random.Next(5) == 0) found.Add(new(item.Label, name, random.NextDouble(), new(0, 0, 20, 20)));
        }
        return new EvaluatedScene(found, truth);
    })];

    static DetectionReport Report(IReadOnlyList<EvaluatedScene> scenes, bool isCoco = false, IReadOnlyList<string>? classes = null) => new()
    {
        Model = "a <b>bold</b> detector",
        Data = _data,
        Scenes = scenes,
        Result = isCoco ? new CocoEvaluator(classes ?? _data.Classes).Evaluate(scenes) : new VocEvaluator(classes ?? _data.Classes).Evaluate(scenes),
        Date = new(2026, 11, 28, 5, 0, 0, TimeSpan.Zero),
    };

    static string Html(DetectionReport report)
    {
        using var writer = new StringWriter();
        report.Write(writer);
        return writer.ToString();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Figures_are_those_of_the_result(bool isCoco)
    {
        var report = Report(Scenes(), isCoco);
        var html = Html(report);
        Assert.Contains(FormattableString.Invariant($"<dd id=\"map\" class=\"figure\">{report.Result.MeanAveragePrecision:P1}</dd>"), html, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"<dd id=\"found\" class=\"figure\">{report.Result.Found.Count}</dd>"), html, StringComparison.Ordinal);
        Assert.Equal(isCoco, html.Contains("COCO&#x27;s twelve numbers", StringComparison.Ordinal) || html.Contains("COCO's twelve numbers", StringComparison.Ordinal));
        foreach (var entry in report.Result.Classes)
            Assert.Contains(FormattableString.Invariant($"<th scope=\"row\">{entry.Name}</th><td>{entry.Objects}</td>"), html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<svg"));
    }

    [Fact]
    public void The_worst_mistakes_are_pictures_of_a_size_that_can_be_read()
    {
        var report = Report(Scenes());
        var html = Html(report);
        Assert.True(report.Result.Background.Count + report.Result.Duplicates.Count > 12 && report.Result.Missed.Count > 12);
        Assert.Equal(24, Regex.Count(html, "<img src=\"data:image/png;base64,"));
        Assert.Equal(24, Regex.Count(html, "width=\"400\" height=\"400\""));
        var worst = report.Result.Background.Concat(report.Result.Duplicates).OrderByDescending(found => found.Detection.Score).Take(12).Select(found => _data.NameOf(found.Image));
        var missed = report.Result.Missed.OrderByDescending(item => item.Object.Box.Area).Take(12).Select(item => _data.NameOf(item.Image));
        Assert.Equal(worst.Concat(missed), Files().Matches(html).Select(match => match.Groups[1].Value));
        var picture = Image.Decode(Convert.FromBase64String(Pictures().Match(html).Groups[1].Value));
        Assert.Equal((400, 400), (picture.Width, picture.Height));
    }

    [Fact]
    public void Sizes_add_up_to_all_objects()
    {
        var report = Report(Scenes());
        var table = Html(report);
        table = table[table.IndexOf("Side in pixels", StringComparison.Ordinal)..];
        var rows = SizeRows().Matches(table[..table.IndexOf("</table>", StringComparison.Ordinal)]).Select(match => (Found: int.Parse(match.Groups[1].Value, null), Missed: int.Parse(match.Groups[2].Value, null))).ToList();
        Assert.True(rows.Count >= 2);
        Assert.Equal((report.Result.Found.Count, report.Result.Missed.Count), (rows.Sum(row => row.Found), rows.Sum(row => row.Missed)));
    }

    [Fact]
    public void Names_are_text_and_the_page_is_well_formed()
    {
        string[] classes = ["<script>alert(1)</script>", "\"quoted\" & 'single'", .. _data.Classes.Skip(2)];
        var html = Html(Report(Scenes(name => $"<i>{name}</i>"), classes: classes));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void A_report_without_objects_or_mistakes_says_so()
    {
        var empty = Html(Report([.. Enumerable.Range(0, _data.Count).Select(_ => new EvaluatedScene([], []))]));
        Assert.Contains("There is no object to find.", empty, StringComparison.Ordinal);
        Assert.Contains("There are none.", empty, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", empty, StringComparison.Ordinal);
        var blind = Html(Report([.. Enumerable.Range(0, _data.Count).Select(index => new EvaluatedScene([], _data.Objects(index)))]));
        Assert.Contains("nothing was found near it", blind, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Html(Report(Scenes()) with { Scenes = [] }));
    }

    [GeneratedRegex("<span class=\"muted file\" title=\"([^\"]+)\">")]
    private static partial Regex Files();

    [GeneratedRegex("base64,([^\"]+)\"")]
    private static partial Regex Pictures();

    [GeneratedRegex("</th><td>(\\d+)</td><td>(\\d+)</td><td>")]
    private static partial Regex SizeRows();
}
