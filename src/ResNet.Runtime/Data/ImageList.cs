using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data;

/// <summary>
/// A list of image files and their classes, as CSV (<see cref="CsvList"/>) or as JSON, an object per line (<see cref="JsonList"/>). Files are
/// relative to the list, or to the folder beside it of the same name: <c>photos.csv</c>, <c>photos/</c>.
/// </summary>
sealed class ImageList
{
    readonly string _path;
    readonly IReadOnlyList<ListedImage> _lines;
    readonly IReadOnlyList<string> _warnings;

    ImageList(string path, IReadOnlyList<ListedImage> lines, IReadOnlyList<string> warnings) => (_path, _lines, _warnings) = (path, lines, warnings);

    /// <summary>Opens all images of a list.</summary>
    /// <param name="path">The list.</param>
    /// <param name="split">The use of the images: a class without any is worth a warning where they are trained on.</param>
    /// <param name="classes">Names of the classes; null for those of the list: its numbers, or its names in ordinal order.</param>
    /// <exception cref="DatasetException">A line is wrong, or a file is not there; the message has the line's number.</exception>
    public static ImageFileDataset Open(string path, DatasetSplit split, IReadOnlyList<string>? classes) => Read(path, classes).Images(split, classes);

    /// <summary>Reads a list.</summary>
    /// <exception cref="DatasetException">A line has no file or no class.</exception>
    public static ImageList Read(string path, IReadOnlyList<string>? classes)
    {
        try
        {
            var lines = Path.GetExtension(path).Equals(".jsonl", StringComparison.OrdinalIgnoreCase) ? JsonList.Read(path) : CsvList.Read(path, classes, file => Find(path, file) is not null);
            return lines.Count > 0 ? new(path, lines, []) : throw new DatasetException($"{path}: expected lines with a file and its class, found none");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The folders of the files, divided into parts by their names.</summary>
    public PartFiles Folders => new(Path.GetDirectoryName(_path)!, _lines.Select(FolderOf).Distinct());

    /// <summary>The images in some of the <see cref="Folders"/>, with a warning of those that are in no part.</summary>
    public ImageList In(string[] folders) => new(_path, [.. _lines.Where(line => folders.Contains(FolderOf(line)))], Folders.Warnings);

    /// <summary>The images, whose files are all there.</summary>
    /// <inheritdoc cref="Open"/>
    public ImageFileDataset Images(DatasetSplit split, IReadOnlyList<string>? classes)
    {
        var (names, indices) = new TextLabels(_path, [.. _lines.Select(line => line.Class)], at => Place(_lines[at])).Match(classes);
        var files = _lines.Select((line, at) => (
            Find(_path, line.File) ?? throw new DatasetException($"{Place(line)}: expected the file {Path.Combine(Path.GetDirectoryName(_path)!, line.File)}, found none"),
            indices[at])).ToArray();
        string[] absent = split == DatasetSplit.Test ? [] : [.. Enumerable.Range(0, names.Count).Except(indices).Select(index => names[index])];
        string[] warnings = absent.Length == 0 ? [.. _warnings] : [.. _warnings, $"{_path}: {absent.Length} of {names.Count} classes have no image ({FolderClasses.Some(absent)})"];
        return new($"the images of {Path.GetFileName(_path)}", names, files, warnings);
    }

    static string? Find(string path, string file)
    {
        var besides = Path.GetDirectoryName(path)!;
        string[] roots = [besides, Path.Combine(besides, Path.GetFileNameWithoutExtension(path))];
        return roots.Select(root => Path.Combine(root, file)).FirstOrDefault(File.Exists);
    }

    string FolderOf(ListedImage line) => Path.GetDirectoryName(Path.Combine(Path.GetDirectoryName(_path)!, line.File))!;

    string Place(ListedImage line) => $"{_path}, line {line.Number}";
}
