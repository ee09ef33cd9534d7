namespace ResNet.Runtime.Data.Folders;

/// <summary>A folder of folders of classes.</summary>
/// <param name="Name">The name of the part; empty for a data set without parts.</param>
/// <param name="Path">The folder.</param>
/// <param name="Folders">Names of its visible folders, in ordinal order.</param>
sealed record FolderPart(string Name, string Path, string[] Folders)
{
    public FolderPart(string root, string name) : this(name, System.IO.Path.Combine(root, name), HiddenEntries.VisibleFolders(System.IO.Path.Combine(root, name)))
    {
    }

    /// <summary>The folder of each class.</summary>
    public IEnumerable<string> Paths => Folders.Select(folder => System.IO.Path.Combine(Path, folder));
}
