namespace ResNet.Runtime.Detection.Data.Annotations;

/// <summary>Finds the index of a class by its name.</summary>
sealed class ClassTable
{
    readonly IReadOnlyList<string> _names;
    readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    /// <exception cref="DatasetException">There is no class, or two have one name.</exception>
    public ClassTable(string path, IReadOnlyList<string> names)
    {
        if (names.Count == 0) throw new DatasetException($"{path}: expected objects of at least one class, found none");
        _names = names;
        foreach (var name in names)
            if (!_indices.TryAdd(name, _indices.Count))
                throw new DatasetException($"{path}: expected classes of different names, found \"{name}\" twice");
    }

    /// <param name="name">The class's name.</param>
    /// <param name="source">File and object, for the message.</param>
    /// <exception cref="DatasetException">There is no such class.</exception>
    public int IndexOf<TSource>(string name, TSource source)
    {
        const int shown = 20;
        return _indices.TryGetValue(name, out var index) ? index : throw new DatasetException(
            $"{source}: expected one of the classes {string.Join(", ", _names.Take(shown))}{(_names.Count > shown ? " and so on" : "")}, found \"{name}\"");
    }
}
