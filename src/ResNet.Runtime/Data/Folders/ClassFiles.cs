namespace ResNet.Runtime.Data.Folders;

/// <summary>The files that were found in the folder of a class.</summary>
/// <param name="folder">The folder.</param>
sealed class ClassFiles(string folder)
{
    // Annotations and notes lie beside images everywhere.
    static readonly HashSet<string> _besideImages = new(StringComparer.OrdinalIgnoreCase) { ".csv", ".json", ".md", ".txt", ".xml", ".yaml", ".yml" };

    readonly SortedDictionary<string, int> _leftOut = new(StringComparer.Ordinal);

    public string Folder => folder;

    /// <summary>Paths of the images, in ordinal order once the search is over.</summary>
    public List<string> Images { get; } = [];

    /// <summary>Names of the visible folders in the folder itself.</summary>
    public List<string> Folders { get; } = [];

    /// <summary>Takes a file for an image or, by its extension, leaves it out.</summary>
    public void Add(string path)
    {
        if (ImageFormats.HasExtension(path)) Images.Add(path);
        else _leftOut[ExtensionOf(path)] = _leftOut.GetValueOrDefault(ExtensionOf(path)) + 1;
    }

    /// <summary>The extensions of the files that were left out, with their number: <c>.heic (2), .webp (5)</c>. Empty if there are none.</summary>
    public string LeftOut => string.Join(", ", _leftOut.Select(files => $"{files.Key} ({files.Value})"));

    /// <summary>A warning if the class has no image, or has files left out that may be images.</summary>
    public string? Warning
    {
        get
        {
            if (Images.Count == 0) return $"{folder}: the class has no image; {(_leftOut.Count == 0 ? "the folder has no file" : $"left out are {LeftOut}")}";
            return _leftOut.Keys.All(_besideImages.Contains) ? null : $"{folder}: not all files are images that can be read; left out are {LeftOut}";
        }
    }

    static string ExtensionOf(string path) => Path.GetExtension(path) is { Length: > 0 } extension ? extension.ToLowerInvariant() : "without extension";
}
