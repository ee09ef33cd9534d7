namespace ResNet.Runtime.Data.Folders;

/// <summary>The classes of a part's folders.</summary>
/// <param name="Names">Names of the classes.</param>
/// <param name="Indices">The class of each of the part's folders.</param>
/// <param name="How">The rule that the classes follow from.</param>
sealed record FolderClasses(IReadOnlyList<string> Names, int[] Indices, string How)
{
    /// <summary>
    /// Decides which folder is which class: by a list of classes in the training part, above it or in the part itself; by the names of
    /// the classes; by the folders' alphabetical order, if there are as many as classes. Without names of classes, the folders have them.
    /// </summary>
    /// <param name="root">The folder of the parts.</param>
    /// <param name="part">The part.</param>
    /// <param name="training">The part whose folders give the order: the one that is trained on, if there is one.</param>
    /// <param name="classes">Names of the classes; null where the data give them.</param>
    /// <exception cref="DatasetException">A folder is no class.</exception>
    public static FolderClasses Of(string root, FolderPart part, FolderPart training, IReadOnlyList<string>? classes)
    {
        if (ClassList.Find(training.Path, root, part.Path) is { } list)
        {
            var (indices, listed) = list.Match(training.Folders.Union(part.Folders).ToList(), classes?.Count);
            return new(classes ?? listed, [.. part.Folders.Select(folder => indices[folder])], ClassList.FileName);
        }

        var names = new ClassNames(classes ?? training.Folders);
        var found = Array.ConvertAll(part.Folders, folder => names.TryGetIndex(folder, out var index) ? index : -1);
        string[] unknown = [.. part.Folders.Where((_, at) => found[at] < 0)];
        if (unknown.Length == 0) return new(classes ?? training.Folders, found, "the folders' names");
        if (classes is null)
            throw new DatasetException(
                $"{part.Path}: expected folders of the classes of {training.Path} ({Some(training.Folders)}), found {Some(unknown)}");
        // Names of which some are known are labels with a slip of the pen; their order means nothing.
        var order = training.Folders.Length == classes.Count ? training.Folders : part.Folders;
        var places = Array.ConvertAll(part.Folders, folder => Array.BinarySearch(order, folder, StringComparer.Ordinal));
        if (unknown.Length == part.Folders.Length && order.Length == classes.Count && Array.TrueForAll(places, place => place >= 0))
            return new(classes, places, "the folders' alphabetical order");
        throw new DatasetException(
            $"{part.Path}: expected folders named after the network's classes, {classes.Count} folders in their order, or a {ClassList.FileName} that lists the folders; " +
            $"found {part.Folders.Length} folders, {unknown.Length} with unknown names ({Some(unknown)})");
    }

    /// <summary>The first of many names.</summary>
    public static string Some(IReadOnlyCollection<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", …" : "");
}
