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

    const int MostShown = 200;

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
        foreach (var row in Rows(path))
        {
            var (number, fields) = (row.Number, row.Fields);
            if (isFirst && fields?.IndexOf(FileColumn) is >= 0 and var at)
            {
                (file, label) = (at, fields.IndexOf(LabelColumn));
                if (label < 0) throw new DatasetException($"{path}, line {number}: expected a column {LabelColumn} beside {FileColumn}, found {string.Join(", ", fields)}");
            }
            else if (fields is null || fields.Count <= Math.Max(file, label) || fields[file].Length == 0 || fields[label].Length == 0)
            {
                throw new DatasetException($"{path}, line {number}: expected a file and its class, found \"{Beginning(row.Text)}\"");
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
        Rows(path).FirstOrDefault() is { Fields: { } fields } && fields.Contains(FileColumn) && fields.Contains(LabelColumn);

    /// <summary>The rows that are not empty. A field in quotes may go over several lines.</summary>
    static IEnumerable<CsvRow> Rows(string path)
    {
        var (number, row) = (0, (CsvRow?)null);
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (row is null && string.IsNullOrWhiteSpace(line)) continue;
            row ??= new(number);
            row.Add(line);
            if (row.IsOpen && number - row.Number < MostLinesOfRow) continue;
            yield return row;
            row = null;
        }
        if (row is not null) yield return row;
    }

    static string Beginning(string text) => text.Length <= MostShown ? text : $"{text.AsSpan(0, MostShown)}…";
}
