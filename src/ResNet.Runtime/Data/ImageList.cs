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

    ImageList(string path, IReadOnlyList<string>? classes)
    {
        _path = path;
        try
        {
            _lines = Path.GetExtension(path).Equals(".jsonl", StringComparison.OrdinalIgnoreCase) ? JsonList.Read(path) : CsvList.Read(path, classes, file => Find(file) is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {e.Message}", e);
        }
        if (_lines.Count == 0) throw new DatasetException($"{path}: expected lines with a file and its class, found none");
    }

    /// <summary>Opens a list.</summary>
    /// <param name="path">The list.</param>
    /// <param name="split">The use of the images: a class without any is worth a warning where they are trained on.</param>
    /// <param name="classes">Names of the classes; null for those of the list: its numbers, or its names in ordinal order.</param>
    /// <exception cref="DatasetException">A line is wrong, or a file is not there; the message has the line's number.</exception>
    public static ImageFileDataset Open(string path, DatasetSplit split, IReadOnlyList<string>? classes)
    {
        var list = new ImageList(path, classes);
        var (names, indices) = new TextLabels(path, [.. list._lines.Select(line => line.Class)], at => list.Place(list._lines[at])).Match(classes);
        var files = list._lines.Select((line, at) => (
            list.Find(line.File) ?? throw new DatasetException($"{list.Place(line)}: expected the file {Path.Combine(Path.GetDirectoryName(path)!, line.File)}, found none"),
            indices[at])).ToArray();
        string[] absent = split == DatasetSplit.Test ? [] : [.. Enumerable.Range(0, names.Count).Except(indices).Select(index => names[index])];
        string[] warnings = absent.Length == 0 ? [] : [$"{path}: {absent.Length} of {names.Count} classes have no image ({FolderClasses.Some(absent)})"];
        return new($"the images of {Path.GetFileName(path)}", names, files, warnings);
    }

    string? Find(string file)
    {
        var besides = Path.GetDirectoryName(_path)!;
        string[] roots = [besides, Path.Combine(besides, Path.GetFileNameWithoutExtension(_path))];
        return roots.Select(root => Path.Combine(root, file)).FirstOrDefault(File.Exists);
    }

    string Place(ListedImage line) => $"{_path}, line {line.Number}";
}
