using System.Globalization;
using System.Text;

namespace ResNet.Runtime.Data;

/// <summary>
/// A CSV file of image files and their classes: file, class (an index or a name); further columns and a header are ignored. Files are
/// relative to the list, or to the folder beside it of the same name: <c>photos.csv</c>, <c>photos/</c>.
/// </summary>
static class ImageList
{
    public static ImageFileDataset Open(string path, IReadOnlyList<string> labels)
    {
        var names = new ClassNames(labels);
        var besides = Path.GetDirectoryName(path)!;
        string[] roots = [besides, Path.Combine(besides, Path.GetFileNameWithoutExtension(path))];
        string? Find(string file) => roots.Select(root => Path.Combine(root, file)).FirstOrDefault(File.Exists);

        var files = new List<(string, int)>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var fields = Fields(line);
            if (fields is not [{ Length: > 0 } file, { Length: > 0 } name, ..])
                throw new DatasetException($"{path}, line {number}: expected a file and its class, found \"{line}\"");
            var found = Find(file);
            var isNumber = int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index);
            var isClass = isNumber ? index >= 0 && index < labels.Count : names.TryFind(name, out index);
            // A header names neither a file nor a class.
            if (number == 1 && !isNumber && !isClass && found is null) continue;
            if (!isClass)
                throw new DatasetException($"{path}, line {number}: expected a class from 0 to {labels.Count - 1} or its name, found \"{name}\"");
            files.Add((found ?? throw new DatasetException($"{path}, line {number}: expected the file {Path.Combine(besides, file)}, found none"), index));
        }
        if (files.Count == 0) throw new DatasetException($"{path}: expected lines with a file and its class, found none");
        return new($"the images of {Path.GetFileName(path)}", files);
    }

    /// <summary>Splits a line at its commas, those within quotes apart (RFC 4180).</summary>
    static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') isQuoted = !isQuoted;
            else if (line[i] == ',' && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString().Trim());
        return fields;
    }
}
