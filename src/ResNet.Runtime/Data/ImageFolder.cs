namespace ResNet.Runtime.Data;

/// <summary>
/// A folder with a folder of images per class. Which folder is which class follows from, in this order: <c>classes.txt</c>, which
/// lists the folders in the order of the classes (WordNet ids, say); the names of the network's classes; the folders'
/// alphabetical order, if there are as many as classes. The folders may stand in <c>train</c> and <c>test</c> or <c>val</c>, with one list above.
/// </summary>
static class ImageFolder
{
    const string ClassList = "classes.txt";

    static readonly string[] _trainNames = ["train"], _testNames = ["test", "val"];

    public static ImageFileDataset Open(string root, IReadOnlyList<string> labels, DatasetSplit split)
    {
        var folders = FoldersIn(root);
        var (train, test) = (Named(root, folders, _trainNames), Named(root, folders, _testNames));
        var isSplit = (train, test) switch
        {
            (null, null) => false,
            (not null, not null) => true,
            // A class may be called "train"; there are others beside it.
            _ => folders.Length == 1,
        };
        if (!isSplit) return OpenClasses(root, "", [root], labels);
        var name = (split == DatasetSplit.Train ? train : test) ?? throw new DatasetException(
            $"{root}: expected a folder {string.Join(" or ", split == DatasetSplit.Train ? _trainNames : _testNames)}, found only {train ?? test}");
        var path = Path.Combine(root, name);
        return OpenClasses(path, $"{name}, ", [path, root], labels);
    }

    static ImageFileDataset OpenClasses(string root, string part, string[] listFolders, IReadOnlyList<string> labels)
    {
        var folders = FoldersIn(root);
        if (folders.Length == 0)
            throw new DatasetException($"{root}: expected a folder of images per class, found {(ImagesIn(root).Any() ? "images without folders" : "no folder")}");
        var list = listFolders.Select(folder => Path.Combine(folder, ClassList)).FirstOrDefault(File.Exists);
        var (classOf, how) = Classes(root, folders, list, labels);
        var files = folders.SelectMany(folder => ImagesIn(Path.Combine(root, folder)).Select(path => (path, classOf(folder)))).ToArray();
        if (files.Length == 0)
            throw new DatasetException($"{root}: expected images ({string.Join(", ", ImageFormats.Extensions)}) in its {folders.Length} folders, found none");
        return new($"{part}{folders.Length} folders of images, their classes by {how}", files);
    }

    static string[] FoldersIn(string root) =>
        [.. Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];

    /// <summary>The first of the names that is a folder with folders in it, in any case, or else the first that is a folder.</summary>
    static string? Named(string root, string[] folders, string[] names)
    {
        var found = names.SelectMany(name => folders.Where(folder => folder.Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
        // ImageNet's test images, say, have no classes.
        return Array.Find(found, folder => FoldersIn(Path.Combine(root, folder)).Length > 0) ?? found.FirstOrDefault();
    }

    static (Func<string, int> ClassOf, string How) Classes(string root, string[] folders, string? listPath, IReadOnlyList<string> labels)
    {
        if (listPath is not null) return (Listed(listPath, folders, labels.Count), ClassList);

        var names = new ClassNames(labels);
        var unknown = folders.Where(folder => !names.TryFind(folder, out _)).ToArray();
        if (unknown.Length == 0) return (folder => names.TryFind(folder, out var index) ? index : -1, "the folders' names");
        // Names of which some are known are labels with a slip of the pen; their order means nothing.
        if (unknown.Length == folders.Length && folders.Length == labels.Count)
            return (folder => Array.BinarySearch(folders, folder, StringComparer.Ordinal), "the folders' alphabetical order");
        throw new DatasetException(
            $"{root}: expected folders named after the network's classes, {labels.Count} folders in their order, or a {ClassList} that lists the folders; " +
            $"found {folders.Length} folders, {unknown.Length} with unknown names ({string.Join(", ", unknown.Take(3))}{(unknown.Length > 3 ? ", …" : "")})");
    }

    static Func<string, int> Listed(string listPath, string[] folders, int classes)
    {
        // What follows the folder's name, as in "n01440764 tench", is for people.
        var listed = Labels.Load(listPath).Select(line => line.Split([' ', '\t', ','], 2)[0]).ToList();
        if (listed.Count != classes)
            throw new DatasetException($"{listPath}: expected a line for each of the network's {classes} classes, found {listed.Count}");
        if (folders.FirstOrDefault(folder => !listed.Contains(folder)) is { } missing)
            throw new DatasetException($"{listPath}: expected every folder to be listed, found the folder {missing} that is not");
        return folder => listed.IndexOf(folder);
    }

    static IEnumerable<string> ImagesIn(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(ImageFormats.HasExtension)
        .Order(StringComparer.Ordinal);
}
