using System.Text;
using ResNet.Reports.Charts;
using ResNet.Reports.Html;

namespace ResNet.Reports;

/// <summary>A part of an <see cref="ExperimentReport"/>: paragraphs, pictures, tables, in this order.</summary>
/// <param name="Name">A word for links: <c>results</c>.</param>
/// <param name="Heading">Its heading.</param>
public sealed record ReportSection(string Name, string Heading)
{
    /// <summary>Paragraphs of plain text.</summary>
    public IReadOnlyList<string> Paragraphs { get; init; } = [];

    /// <summary>The pictures.</summary>
    public IReadOnlyList<LineChart> Charts { get; init; } = [];

    /// <summary>The tables.</summary>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Whether the tables are folded in the page: those that only repeat a picture's values.</summary>
    public bool FoldsTables { get; init; }

    /// <summary>The section in a page.</summary>
    internal Markup ToMarkup() => Document.Section(Name, Heading, $"""
        {Paragraphs.Select(paragraph => (Markup)$"<p>{paragraph}</p>\n")}
        {Pictures()}
        {Tables.Select(table => FoldsTables ? Folded(table) : table.ToMarkup())}
        """);

    /// <summary>The section in Markdown, its pictures as links to files beside it.</summary>
    internal void AppendMarkdown(StringBuilder text)
    {
        text.Append("## ").Append(Heading).Append("\n\n");
        foreach (var paragraph in Paragraphs) text.Append(paragraph).Append("\n\n");
        foreach (var chart in Charts) text.Append($"![{chart.Caption}]({chart.Name}.svg)\n\n");
        foreach (var table in Tables) text.Append(table.ToMarkdown()).Append('\n');
    }

    Markup Pictures() => Charts.Count == 0 ? default : (Markup)$"""
        <div class="charts">
        {Charts.Select(Picture)}</div>
        """;

    static Markup Picture(LineChart chart) => $"""
        <figure id="{chart.Name}">
        {Chart.Inline(chart.Plot(), $"{chart.Caption} {chart.YTitle} by {chart.XTitle}.")}
        <figcaption>{chart.Caption}</figcaption>
        </figure>

        """;

    static Markup Folded(ReportTable table) => $"""
        <details>
        <summary>{table.Caption}</summary>
        {table.ToMarkup()}</details>

        """;
}
