namespace ResNet.Runtime.Data;

/// <summary>Finds classes by name; case, underscores and hyphens make no difference: <c>great_white_shark</c>.</summary>
sealed class ClassNames
{
    readonly Dictionary<string, int> _indices = [];

    public ClassNames(IReadOnlyList<string> labels)
    {
        for (var index = 0; index < labels.Count; index++)
            _indices.TryAdd(Normalize(labels[index]), index);
    }

    public bool TryFind(string name, out int index) => _indices.TryGetValue(Normalize(name), out index);

    static string Normalize(string name) => name.Trim().Replace('_', ' ').Replace('-', ' ').ToUpperInvariant();
}
