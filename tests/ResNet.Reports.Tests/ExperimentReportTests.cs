using System.Globalization;
using System.Xml.Linq;

namespace ResNet.Reports.Tests;

public class ExperimentReportTests
{
    static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    static readonly LineChart _chart = new("error", "Errors", "epoch", "error (%)",
    [
        new("plain", [new(1, 60, 55, 65), new(2, 40, 38, 41)]) { Color = 1, IsDashed = true },
        new("residual", [new(1, 50), new(2, 30)]),
    ]);

    [Fact]
    public void A_chart_has_axes_legend_and_bands()
    {
        var svg = XDocument.Parse(_chart.Draw("Errors"));
        var texts = svg.Descendants(_svg + "text").Select(text => text.Value).ToList();
        foreach (var expected in new[] { "Errors", "epoch", "error (%)", "plain", "residual", "0", "60" }) Assert.Contains(expected, texts);
        // One curve has a band, and one is dashed.
        Assert.Single(svg.Descendants(), element => element.Name.LocalName == "polygon" && element.Attribute("style")!.Value.Contains("fill-opacity", StringComparison.Ordinal));
        Assert.Contains(svg.Descendants().Attributes("style"), style => style.Value.Contains("stroke-dasharray", StringComparison.Ordinal));
    }

    /// <summary>Curves of a logarithmic chart begin at powers of ten, and what has no logarithm is left out.</summary>
    [Fact]
    public void A_logarithmic_chart_leaves_out_what_is_not_positive()
    {
        var chart = _chart with { IsLogarithmic = true, Curves = [new("gradient", [new(0, 0), new(1, 0.02), new(2, double.NaN), new(3, 500)])] };
        var texts = XDocument.Parse(chart.Draw("")).Descendants(_svg + "text").Select(text => text.Value).ToList();
        foreach (var expected in new[] { "0.01", "1", "100" }) Assert.Contains(expected, texts);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-2, 3)]
    [InlineData(1e-4, 2e-4)]
    [InlineData(double.NaN, double.NaN)]
    public void Any_values_can_be_drawn(double first, double last) =>
        Assert.NotNull(XDocument.Parse((_chart with { Curves = [new("values", [new(1, first), new(2, last)])] }).Draw("title")).Root);

    [Fact]
    public void A_chart_without_points_can_be_drawn() => Assert.NotNull(XDocument.Parse((_chart with { Curves = [new("none", [])] }).Draw("title")).Root);

    [Fact]
    public void Tables_quote_what_has_to_be()
    {
        var table = new ReportTable("results", "Results", ["network", "error"], [["a,b", "1 | 2"], ["say \"x\"", "3"]]);
        Assert.Equal("network,error\n\"a,b\",1 | 2\n\"say \"\"x\"\"\",3\n", table.ToCsv());
        Assert.Equal("| network | error |\n| --- | ---: |\n| a,b | 1 \\| 2 |\n| say \"x\" | 3 |\n", table.ToMarkdown());
    }

    [Fact]
    public void A_report_leaves_a_page_markdown_pictures_and_tables()
    {
        using var folder = new TemporaryFolder();
        Report().Write(folder.Path);
        Assert.Equal(["error.svg", "report.html", "report.md", "results.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var page = File.ReadAllText(folder.File("report.html"));
        Assert.Contains("a &lt; b", page, StringComparison.Ordinal);
        // In the page, colors are the page's.
        Assert.Contains("var(--wrong)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("rgb(31,95,168)", page, StringComparison.Ordinal);
        var markdown = File.ReadAllText(folder.File("report.md"));
        Assert.Contains("![Errors](error.svg)", markdown, StringComparison.Ordinal);
        Assert.Contains("2026-01-02", markdown, StringComparison.Ordinal);
    }

    static ExperimentReport Report() => new()
    {
        Title = "Depth",
        Source = "A paper, Table 1",
        Claim = "For all networks, a < b.",
        Date = DateTimeOffset.Parse("2026-01-02T03:04:05Z", CultureInfo.InvariantCulture),
        Sections =
        [
            new("errors", "Errors") { Charts = [_chart], Paragraphs = ["It shows."], Tables = [new("results", "Results", ["network", "error"], [["plain", "40"]])] },
        ],
    };
}
