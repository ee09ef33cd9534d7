namespace ResNet.Dsl;

/// <summary>A table in plain text.</summary>
static class TextTable
{
    /// <summary>Lines of cells padded to columns, two blanks between, a rule under the first line and above the last.</summary>
    public static string Align(IReadOnlyList<string[]> lines, int[] rightAligned)
    {
        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        var rule = string.Join("  ", widths.Select(width => new string('─', width)));
        var text = lines.Select(line => string.Join("  ", line.Select((cell, column) =>
            rightAligned.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()).ToList();
        text.Insert(1, rule);
        text.Insert(text.Count - 1, rule);
        return string.Join("\n", text);
    }
}
