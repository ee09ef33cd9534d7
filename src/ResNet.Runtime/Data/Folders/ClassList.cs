namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// A <c>classes.txt</c>: a line per class, in order. A line is the name of the class's folder, spaces and all
/// (<c>golden retriever</c>), or else that name and a description for people (<c>n01440764 tench</c>).
/// </summary>
sealed class ClassList
{
    public const string FileName = "classes.txt";

    static readonly char[] _separators = [' ', '\t', ','];

    readonly string _path;

    ClassList(string path) => (_path, Lines) = (path, Labels.Load(path));

    /// <summary>The lines as they are.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The list in the first folder that has one; null if none has.</summary>
    public static ClassList? Find(params IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists) is { } path ? new(path) : null;

    /// <summary>Finds the class of each folder, and the name of each class: its description where the list has descriptions.</summary>
    /// <param name="folders">Names of the folders.</param>
    /// <param name="classes">The number of classes that the list must have; null for any.</param>
    /// <exception cref="DatasetException">A folder is not listed, or twice, or the list has another number of classes.</exception>
    public (Dictionary<string, int> Indices, IReadOnlyList<string> Names) Match(IReadOnlyCollection<string> folders, int? classes)
    {
        if (classes is { } expected && Lines.Count != expected)
            throw new DatasetException($"{_path}: expected a line for each of the network's {expected} classes, found {Lines.Count}");
        var (exact, alike, word) = (By(line => line), By(ClassNames.Normalize), By(FirstWord));
        var normalized = folders.Select(ClassNames.Normalize).ToHashSet();
        // Such a line says nothing about the folder of its first word.
        bool IsWhole(int index) => normalized.Contains(ClassNames.Normalize(Lines[index]));

        var indices = new Dictionary<string, int>();
        var isDescribed = false;
        foreach (var folder in folders)
        {
            int[] found = [.. exact[folder]];
            if (found.Length == 0) found = [.. alike[ClassNames.Normalize(folder)].Where(index => !folders.Contains(Lines[index]))];
            if (found.Length == 0)
            {
                found = [.. word[folder].Where(index => !IsWhole(index))];
                isDescribed |= found.Length > 0;
            }
            indices[folder] = found switch
            {
                [var index] => index,
                [] => throw new DatasetException($"{_path}: expected every folder to be listed, found the folder {folder} that is not"),
                [var first, var second, ..] => throw new DatasetException(
                    $"{_path}: expected every folder to be listed once, found the folder {folder} in \"{Lines[first]}\" and \"{Lines[second]}\""),
            };
        }
        string[] described = isDescribed ? [.. Lines.Select((line, index) => IsWhole(index) ? line : Description(line))] : [];
        return (indices, isDescribed && described.Distinct().Count() == described.Length ? described : Lines);
    }

    ILookup<string, int> By(Func<string, string> key) => Enumerable.Range(0, Lines.Count).ToLookup(index => key(Lines[index]));

    static string FirstWord(string line) => line.Split(_separators, 2)[0];

    static string Description(string line) => line[FirstWord(line).Length..].Trim(_separators) is { Length: > 0 } description ? description : line;
}
