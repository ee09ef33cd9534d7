namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// Image files and their classes as CSV: file, class, further columns, which are ignored. A header is optional, unless the columns stand in
/// another order: under <c>file_name</c> and <c>label</c> they are found anywhere, as in the hub's <c>metadata.csv</c>.
/// </summary>
static class CsvList
{
    public const string FileColumn = "file_name", LabelColumn = "label";

    // A text may have lines of its own, but not the rest of a list whose quote is not closed.
    const int MostLinesOfRow = 1000;

    /// <summary>Reads a list.</summary>
    /// <param name="path">The list.</param>
    /// <param name="classes">Names of the classes, as far as they are known.</param>
    /// <param name="isThere">Whether there is such a file.</param>
    /// <exception cref="DatasetException">A line has no file or no class, or there is no column of labels.</exception>
    public static List<ListedImage> Read(string path, IReadOnlyList<string>? classes, Predicate<string> isThere)
    {
        var names = new ClassNames(classes ?? []);
        var (file, label, isFirst) = (0, 1, true);
        var images = new List<ListedImage>();
        foreach (var (number, text) in Rows(path))
        {
            var fields = CsvLine.Split(text);
            if (isFirst && fields?.IndexOf(FileColumn) is >= 0 and var at)
            {
                (file, label) = (at, fields.IndexOf(LabelColumn));
                if (label < 0) throw new DatasetException($"{path}, line {number}: expected a column {LabelColumn} beside {FileColumn}, found {string.Join(", ", fields)}");
            }
            else if (fields is null || fields.Count <= Math.Max(file, label) || fields[file].Length == 0 || fields[label].Length == 0)
            {
                throw new DatasetException($"{path}, line {number}: expected a file and its class, found \"{text}\"");
            }
            // A header names neither a file nor a class.
            else if (!isFirst || ImageFormats.HasExtension(fields[file]) || TextLabels.TryGetNumber(fields[label], out _) || names.TryGetIndex(fields[label], out _) || isThere(fields[file]))
            {
                images.Add(new(number, fields[file], fields[label]));
            }
            isFirst = false;
        }
        return images;
    }

    /// <summary>Whether a list has a header with the column of labels.</summary>
    public static bool HasLabels(string path) =>
        Rows(path).Select(row => row.Text).FirstOrDefault() is { } header && CsvLine.Split(header) is { } fields && fields.Contains(FileColumn) && fields.Contains(LabelColumn);

    /// <summary>The rows that are not empty, each with the number of its first line. A field in quotes may go over several lines.</summary>
    static IEnumerable<(int Number, string Text)> Rows(string path)
    {
        var (number, first, row) = (0, 0, "");
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (row.Length == 0 && string.IsNullOrWhiteSpace(line)) continue;
            if (row.Length == 0) first = number;
            row = row.Length == 0 ? line : $"{row}\n{line}";
            if (CsvLine.Split(row) is null && number - first < MostLinesOfRow) continue;
            yield return (first, row);
            row = "";
        }
        if (row.Length > 0) yield return (first, row);
    }
}
