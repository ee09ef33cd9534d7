using ResNet.Reports.Html;

namespace ResNet.Reports;

/// <summary>A table of texts and numbers, as people and programs read it.</summary>
/// <param name="Name">A word for files and links: <c>results</c>.</param>
/// <param name="Caption">The description of the rows, in a few words.</param>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The cells, as many in each row as there are columns.</param>
public sealed record ReportTable(string Name, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown() =>
        Line(Columns) + Line(Columns.Select((_, column) => column == 0 ? "---" : "---:")) + string.Concat(Rows.Select(Line));

    /// <summary>The table as comma-separated values (RFC 4180).</summary>
    public string ToCsv() => string.Concat(Rows.Prepend(Columns).Select(row => string.Join(',', row.Select(Field)) + "\n"));

    /// <summary>The table in a page.</summary>
    internal Markup ToMarkup() => Document.Scrolling(Caption, $"""
        <table class="numbers">
        <thead><tr>{Columns.Select(column => (Markup)$"<th scope=\"col\">{column}</th>")}</tr></thead>
        <tbody>
        {Rows.Select(Row)}</tbody>
        </table>

        """);

    static Markup Row(IReadOnlyList<string> cells) =>
        $"<tr><th scope=\"row\">{cells[0]}</th>{cells.Skip(1).Select(cell => (Markup)$"<td>{cell}</td>")}</tr>\n";

    static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
