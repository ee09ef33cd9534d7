namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// Files and folders that belong to a system or a program rather than to its user: those whose name begins with a dot
/// (<c>._0.png</c>, <c>.ipynb_checkpoints</c>), those that are marked as hidden, and what archivers, file servers and file browsers leave behind.
/// </summary>
static class HiddenEntries
{
    static readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX", "__pycache__", "@eaDir", "#recycle", "#snapshot", "$RECYCLE.BIN", "System Volume Information", "lost+found",
        "Thumbs.db", "ehthumbs.db", "desktop.ini",
    };

    public static bool Contains(FileSystemInfo entry) =>
        entry.Name[0] == '.' || _names.Contains(entry.Name)
        // Elsewhere the dot is the mark, and attributes would cost a call for each file.
        || OperatingSystem.IsWindows() && (entry.Attributes & (FileAttributes.Hidden | FileAttributes.System)) != 0;

    /// <summary>The names of a folder's visible folders, in ordinal order.</summary>
    /// <exception cref="DatasetException">The folder cannot be read.</exception>
    public static string[] VisibleFolders(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateDirectories().Where(entry => !Contains(entry)).Select(entry => entry.Name).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{folder}: {e.Message}", e);
        }
    }
}
