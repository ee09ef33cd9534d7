namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// The lists <c>metadata.csv</c> or <c>metadata.jsonl</c> of a folder of images, as the Hugging Face hub has them: one in the folder, or one in
/// the folder of each part.
/// </summary>
static class MetadataLists
{
    static readonly string[] _names = ["metadata.csv", "metadata.jsonl"];

    /// <summary>Finds the lists that have labels; those with captions alone say nothing about classes.</summary>
    /// <exception cref="DatasetException">A folder or a list cannot be read.</exception>
    public static PartFiles? Find(string root)
    {
        string[] folders = [root, .. HiddenEntries.VisibleFolders(root).Where(PartNames.IsPart).Select(name => Path.Combine(root, name))];
        string[] lists = [.. folders.Select(folder => _names.Select(name => Path.Combine(folder, name)).FirstOrDefault(HasLabels)).OfType<string>()];
        // Lists of parts say more than one of the whole folder beside them.
        if (lists.Length > 1) lists = [.. lists.Where(list => Path.GetDirectoryName(list) != root)];
        return lists.Length > 0 ? new(root, lists) : null;
    }

    static bool HasLabels(string path)
    {
        try
        {
            return File.Exists(path) && (path.EndsWith(".csv", StringComparison.Ordinal) ? CsvList.HasLabels(path) : JsonList.HasLabels(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {e.Message}", e);
        }
    }
}
