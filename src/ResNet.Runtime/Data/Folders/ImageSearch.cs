namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// Finds the images in folders of classes, at every depth and each of them once. Links are followed after all that lies in the
/// folders themselves: one that leads back, or to what its own class has already, is left out with a warning; one that gives an image to two
/// folders is an error.
/// </summary>
sealed class ImageSearch
{
    // By real path: the index of the class that a folder, or a file that only links lead to, was found for.
    readonly Dictionary<string, int> _owners = new(StringComparer.Ordinal);
    readonly List<(string Path, int Owner)> _links = [];
    readonly ClassFiles[] _classes;

    ImageSearch(IEnumerable<string> folders) => _classes = [.. folders.Select(folder => new ClassFiles(folder))];

    /// <summary>Searches the folders of all classes.</summary>
    /// <param name="folders">A folder per class.</param>
    /// <param name="warnings">Receives a line for each link that is left out.</param>
    /// <exception cref="DatasetException">A folder cannot be read, or two classes share an image.</exception>
    public static ClassFiles[] Run(IEnumerable<string> folders, List<string> warnings)
    {
        var search = new ImageSearch(folders);
        for (var owner = 0; owner < search._classes.Length; owner++) search.Begin(owner);
        // Links that are found on the way are added at the end.
        for (var next = 0; next < search._links.Count; next++)
            if (search.Follow(search._links[next].Path, search._links[next].Owner) is { } problem)
                warnings.Add($"{search._links[next].Path}: {problem}; the link is left out");
        foreach (var files in search._classes) files.Images.Sort(StringComparer.Ordinal);
        return search._classes;
    }

    void Begin(int owner)
    {
        var folder = _classes[owner].Folder;
        var real = Real(folder);
        if (RealPath.Holds(real, Real(Path.GetDirectoryName(folder)!)))
            throw new DatasetException($"{folder}: expected a folder of images, found a link that leads back to {real}");
        Enter(folder, real, owner);
    }

    void Enter(string folder, string real, int owner)
    {
        if (!IsNew(folder, real, owner)) return;
        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => !HiddenEntries.Contains(entry))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{folder}: {e.Message}", e);
        }
        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.LinkTarget is not null) _links.Add((path, owner));
            else if (entry is DirectoryInfo) Enter(path, Path.Combine(real, entry.Name), owner);
            else _classes[owner].Add(path);
            if (entry is DirectoryInfo && folder == _classes[owner].Folder) _classes[owner].Folders.Add(entry.Name);
        }
    }

    /// <summary>Follows a link.</summary>
    /// <returns>The reason to leave it out, or null.</returns>
    string? Follow(string link, int owner)
    {
        string real;
        try
        {
            real = RealPath.Of(link);
        }
        catch (IOException)
        {
            return "links lead in a circle";
        }
        if (Directory.Exists(real))
        {
            if (RealPath.Holds(real, Real(Path.GetDirectoryName(link)!))) return $"it leads back to {real}";
            if (_owners.GetValueOrDefault(real, -1) == owner) return $"the images in {real} are counted already";
            Enter(link, real, owner);
            return null;
        }
        if (!File.Exists(real)) return $"{real} does not exist";
        // An image in a folder of a class is found there.
        var counted = ImageFormats.HasExtension(real) && _owners.ContainsKey(Path.GetDirectoryName(real)!) ? Path.GetDirectoryName(real)! : real;
        if (!IsNew(link, counted, owner)) return $"{real} is counted already";
        // The link's name decides, not its target's: stores of contents name files by their hash.
        _classes[owner].Add(link);
        return null;
    }

    /// <summary>Notes a folder or file as found for a class; false if that class has it already.</summary>
    bool IsNew(string path, string real, int owner)
    {
        if (_owners.TryAdd(real, owner)) return true;
        if (_owners[real] == owner) return false;
        throw new DatasetException($"{path}: expected images that no other folder of the data set has, found {real}, which belongs to {_classes[_owners[real]].Folder}");
    }

    static string Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException e)
        {
            throw new DatasetException(e.Message, e);
        }
    }
}
