using System.Text.RegularExpressions;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;

namespace ResNet.Reports.Tests;

public partial class EvaluationReportTests
{
    static string Html(EvaluationReport report)
    {
        using var writer = new StringWriter();
        report.Write(writer);
        return writer.ToString();
    }

    [Fact]
    public void Names_are_text_and_never_markup()
    {
        var html = Html(Evaluations.TenClasses());
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("a &lt;b&gt;bold&lt;/b&gt; network", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_unique_and_what_is_referred_to_exists()
    {
        var html = Html(Evaluations.TenClasses());
        var names = Ids().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(References().Matches(html).Select(match => match.Groups[1].Value), name => Assert.Contains(name, names));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(1000, true)]
    public void Top_5_is_of_more_than_five_classes(int classes, bool expected) =>
        Assert.Equal(expected, Html(Evaluations.ManyClasses(classes)).Contains("Top-5", StringComparison.Ordinal));

    [Fact]
    public void Without_mistakes_there_are_no_pictures()
    {
        var html = Html(Evaluations.TenClasses() with { Result = new(2, 2, 2, TimeSpan.FromSeconds(1)) { Predictions = [new(0, 1, 1, 0.9f), new(1, 2, 2, 1)] } });
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Most confused", html, StringComparison.Ordinal);
        Assert.Contains("There are none.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_mistakes_come_first()
    {
        var report = Evaluations.TenClasses();
        var worst = report.Result.Predictions.Where(answer => answer.Predicted != answer.Class).OrderByDescending(answer => answer.Probability).ToList();
        Assert.True(worst.Count > 24);
        Assert.Equal(worst.Take(24).Select(answer => report.Data.NameOf(answer.Index)), Files().Matches(Html(report)).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Probabilities_that_are_no_numbers_are_said_to_be_left_out()
    {
        var report = Evaluations.TenClasses() with { Result = new(2, 1, 1, TimeSpan.FromSeconds(1)) { Predictions = [new(0, 1, 2, float.NaN), new(1, 2, 2, 1)] } };
        Assert.Contains("1 images are left out", Html(report), StringComparison.Ordinal);
        Assert.Contains("the weights have diverged", Html(report with { Result = report.Result with { Images = 1, Predictions = [new(0, 1, 2, float.NaN)] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_images_are_named()
    {
        var report = Evaluations.TenClasses();
        var html = Html(report with { Result = report.Result with { Broken = [.. Enumerable.Range(0, 60).Select(index => new BrokenImage(index, $"<{index}>.jpg: empty"))] } });
        Assert.Contains("60 images could not be read", html, StringComparison.Ordinal);
        Assert.Contains("&lt;49&gt;.jpg: empty", html, StringComparison.Ordinal);
        Assert.Contains("and 10 more", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_is_gone_does_not_cost_the_report()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/x.png", []);
        Image.FromRgb(4, 4, new byte[48]).SavePng(folder.File("a/x.png"));
        var data = ImageDataset.Open(folder.Path, DatasetSplit.Test, ["a"]);
        File.Delete(folder.File("a/x.png"));
        Assert.Contains("can no longer be read",
            Html(Evaluations.TenClasses() with { Data = data, Result = new(1, 0, 0, TimeSpan.FromSeconds(1)) { Predictions = [new(0, 0, 1, 1)] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_shown_is_refused()
    {
        var report = Evaluations.TenClasses();
        Assert.Contains(nameof(EvaluationOptions.KeepPredictions),
            Assert.Throws<InvalidOperationException>(() => Html(report with { Result = report.Result with { Predictions = [] } })).Message, StringComparison.Ordinal);
        Assert.Contains("beyond the 2 labels", Assert.Throws<InvalidOperationException>(() => Html(report with { Labels = ["a", "b"] })).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => report.Write(Path.Combine(Path.GetTempPath(), "there", "is", "none", "report.html")));
    }

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("(?:url\\(#|aria-labelledby=\")([^)\"]+)")]
    private static partial Regex References();

    [GeneratedRegex("<span class=\"muted file\" title=\"([^\"]+)\">")]
    private static partial Regex Files();
}
