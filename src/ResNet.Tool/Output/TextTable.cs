namespace ResNet.Tool.Output;

/// <summary>Rows of text in aligned columns.</summary>
/// <param name="rightAligned">Per column, whether it holds numbers.</param>
sealed class TextTable(params bool[] rightAligned)
{
    readonly List<string[]> _rows = [];

    public void Add(params string[] row) => _rows.Add(row);

    public void WriteTo(TextWriter writer)
    {
        var widths = rightAligned.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => rightAligned[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
