namespace ResNet.Runtime.Data.Folders;

/// <summary>Follows symbolic links: two paths lead to the same file or folder if their real paths are equal.</summary>
static class RealPath
{
    // As many as Linux follows.
    const int MostLinks = 40;

    /// <summary>The path without any link in it.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        return Follow(path, ref links);
    }

    /// <summary>Whether a folder is another one or holds it, both of them real paths.</summary>
    public static bool Holds(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);

    static string Follow(string path, ref int links)
    {
        path = Path.GetFullPath(path);
        var real = Path.GetPathRoot(path)!;
        foreach (var name in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var entry = new DirectoryInfo(Path.Combine(real, name));
            if (entry.LinkTarget is { } target)
            {
                if (++links > MostLinks) throw new IOException($"{path}: links lead in a circle");
                real = Follow(Path.Combine(real, target), ref links);
            }
            else real = entry.FullName;
        }
        return real;
    }
}
