using System.Globalization;
using System.Text.RegularExpressions;
using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data;

/// <summary>
/// A CSV file of image files and their classes: file, class (an index or a name); further columns and a header are ignored. Files are
/// relative to the list, or to the folder beside it of the same name: <c>photos.csv</c>, <c>photos/</c>.
/// </summary>
sealed partial class ImageList
{
    // No index of a class; some number that stands in the column by mistake.
    const int MostClasses = 100_000;

    readonly string _path;
    readonly List<(int Number, string File, string Class)> _lines = [];

    ImageList(string path, IReadOnlyList<string>? classes)
    {
        _path = path;
        var names = new ClassNames(classes ?? []);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (CsvLine.Split(line) is not [{ Length: > 0 } file, { Length: > 0 } name, ..])
                throw Wrong(number, $"expected a file and its class, found \"{line}\"");
            // A header names neither a file nor a class.
            if (number == 1 && !ImageFormats.HasExtension(file) && !TryGetNumber(name, out _) && !names.TryGetIndex(name, out _) && Find(file) is null) continue;
            _lines.Add((number, file, name));
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
        var names = classes ?? list.Names();
        var known = new ClassNames(names);
        var files = list._lines.ConvertAll(line => (
            list.Find(line.File) ?? throw list.Wrong(line.Number, $"expected the file {Path.Combine(Path.GetDirectoryName(path)!, line.File)}, found none"),
            list.ClassOf(line.Number, line.Class, names, known)));
        string[] absent = split == DatasetSplit.Test ? [] : [.. Enumerable.Range(0, names.Count).Except(files.Select(file => file.Item2)).Select(index => names[index])];
        string[] warnings = absent.Length == 0 ? [] : [$"{path}: {absent.Length} of {names.Count} classes have no image ({FolderClasses.Some(absent)})"];
        return new($"the images of {Path.GetFileName(path)}", names, files, warnings);
    }

    /// <summary>The names of the list's own classes.</summary>
    IReadOnlyList<string> Names()
    {
        var last = -1;
        foreach (var (number, _, name) in _lines)
        {
            if (TryGetNumber(name, out var index)) last = Math.Max(last, index);
            else if (LikeNumber().IsMatch(name)) throw Wrong(number, $"expected the index of a class, 0, 1 and so on, or its name, found \"{name}\"");
        }
        if (last < 0) return [.. _lines.Select(line => line.Class).Order(StringComparer.Ordinal).DistinctBy(ClassNames.Normalize)];
        if (last >= MostClasses) throw new DatasetException($"{_path}: expected indices of classes below {MostClasses}, found {last}");
        var named = _lines.Find(line => !TryGetNumber(line.Class, out _));
        if (named.Class is not null) throw Wrong(named.Number, $"expected the index of a class, as in other lines, found \"{named.Class}\"");
        return [.. Enumerable.Range(0, last + 1).Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }

    int ClassOf(int number, string text, IReadOnlyList<string> names, ClassNames known)
    {
        if (known.TryGetIndex(text, out var index) || TryGetNumber(text, out index) && index < names.Count) return index;
        throw Wrong(number, $"expected a class from 0 to {names.Count - 1} or its name, found \"{text}\"");
    }

    string? Find(string file)
    {
        var besides = Path.GetDirectoryName(_path)!;
        string[] roots = [besides, Path.Combine(besides, Path.GetFileNameWithoutExtension(_path))];
        return roots.Select(root => Path.Combine(root, file)).FirstOrDefault(File.Exists);
    }

    DatasetException Wrong(int number, string problem) => new($"{_path}, line {number}: {problem}");

    static bool TryGetNumber(string text, out int index) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    /// <summary>Numbers that are no index: <c>-1</c>, <c>1.5</c>, <c>1,000</c>, <c>1_000</c>, <c>1e400</c>, <c>0x10</c>.</summary>
    [GeneratedRegex(@"^[+-]?(\d[\d.,_']*|\.\d+)([eE][+-]?\d+)?$|^0[xX][0-9a-fA-F]+$", RegexOptions.CultureInvariant)]
    private static partial Regex LikeNumber();
}
