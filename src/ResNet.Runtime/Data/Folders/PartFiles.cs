namespace ResNet.Runtime.Data.Folders;

/// <summary>Files that hold many images each, divided into parts by their names or by those of their folders. Without such names, all of them are each part.</summary>
sealed class PartFiles
{
    readonly string _root;
    readonly ILookup<string?, string> _parts;

    /// <summary>Divides files.</summary>
    /// <param name="root">The folder of the data set, whose own name says nothing.</param>
    /// <param name="files">Paths of files below it, at least one.</param>
    public PartFiles(string root, IEnumerable<string> files)
    {
        _root = root;
        _parts = files.Order(StringComparer.Ordinal).ToLookup(file => PartOf(Path.GetRelativePath(root, file)), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether there are files to train on.</summary>
    public bool HasTrain => Find(PartNames.Train) is not null;

    /// <summary>Whether there are files that no network is trained on.</summary>
    public bool HasTest => Find(PartNames.Test) is not null;

    /// <summary>The files to train on.</summary>
    /// <exception cref="DatasetException">There are only others.</exception>
    public string[] Train => Find(PartNames.Train) ?? throw Missing(FolderLayout.TrainNames);

    /// <summary>The files that no network is trained on.</summary>
    /// <exception cref="DatasetException">There are only others.</exception>
    public string[] Test => Find(PartNames.Test) ?? throw Missing(FolderLayout.TestNames);

    /// <summary>The files to validate on while a network is trained; null if there are none.</summary>
    public string[]? Validation => HasParts ? Find(PartNames.Validation) : null;

    /// <summary>A line about files that belong to no part, if there are any beside others.</summary>
    public IReadOnlyList<string> Warnings => HasParts && _parts.Contains(null)
        ? [$"{_root}: left out are the images in {FolderClasses.Some([.. _parts[null].Select(file => Path.GetRelativePath(_root, file))])}, whose names tell no part"]
        : [];

    /// <summary>Whether any of the names tells a part.</summary>
    public bool HasParts => _parts.Any(part => part.Key is not null);

    string[]? Find(string[] names)
    {
        if (!HasParts) return [.. _parts[null]];
        return names.FirstOrDefault(_parts.Contains) is { } name ? [.. _parts[name]] : null;
    }

    DatasetException Missing(string expected) =>
        new($"{_root}: expected files named {expected}, found only {string.Join(", ", _parts.Select(part => part.Key).OfType<string>())}");

    /// <summary>The file's own name counts before those of its folders, and of these the nearest.</summary>
    static string? PartOf(string path) =>
        path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Reverse().Select(PartNames.FirstIn).FirstOrDefault(part => part is not null);
}
