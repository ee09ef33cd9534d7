using System.Globalization;
using System.Text;
using ResNet.Reports.Html;
using ResNet.Runtime.Files;

namespace ResNet.Reports;

/// <summary>
/// The result of an experiment: one self-contained HTML file, the same in Markdown with its pictures as SVG files, and its tables as
/// CSV files.
/// </summary>
public sealed record ExperimentReport
{
    /// <summary>Name of the page.</summary>
    public const string PageFile = "report.html";

    /// <summary>Name of the report in Markdown.</summary>
    public const string MarkdownFile = "report.md";

    /// <summary>The experiment, as a heading.</summary>
    public required string Title { get; init; }

    /// <summary>The place in the paper.</summary>
    public required string Source { get; init; }

    /// <summary>The paper's claim, in a sentence.</summary>
    public required string Claim { get; init; }

    /// <summary>The parts of the report.</summary>
    public required IReadOnlyList<ReportSection> Sections { get; init; }

    /// <summary>When the experiment was made.</summary>
    public DateTimeOffset Date { get; init; } = DateTimeOffset.Now;

    /// <summary>The report as an HTML document.</summary>
    public string ToHtml() => Document.Write(Title, Sections.Select(section => section.ToMarkup()).Prepend(Header())).ToString();

    /// <summary>The report in Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Title}\n\n{Source}, {Date:yyyy-MM-dd HH:mm}\n\n> {Claim}\n\n");
        foreach (var section in Sections) section.AppendMarkdown(text);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Writes page, Markdown, pictures and tables.</summary>
    /// <param name="folder">Where; made if there is none, files of these names are replaced.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        WholeFile.WriteText(Path.Combine(folder, PageFile), ToHtml());
        WholeFile.WriteText(Path.Combine(folder, MarkdownFile), ToMarkdown());
        foreach (var chart in Sections.SelectMany(section => section.Charts))
            WholeFile.WriteText(Path.Combine(folder, chart.Name + ".svg"), chart.Draw(chart.Caption));
        foreach (var table in Sections.SelectMany(section => section.Tables))
            WholeFile.WriteText(Path.Combine(folder, table.Name + ".csv"), table.ToCsv());
    }

    Markup Header() => $"""
        <header>
        <p class="kicker">{Source}</p>
        <h1>{Title}</h1>
        <p class="data">{Claim}</p>
        <p class="muted"><time datetime="{Date:yyyy-MM-ddTHH:mm:sszzz}">{Date:yyyy-MM-dd HH:mm}</time></p>
        </header>

        """;
}
