namespace ResNet.Runtime.Data;

/// <summary>
/// Finds classes by name; case, underscores and hyphens make no difference: <c>great_white_shark</c>. What tells a name from
/// others in parentheses may be left out where there are no others: <c>boxer</c> for <c>boxer (dog)</c>.
/// </summary>
sealed class ClassNames
{
    readonly Dictionary<string, int> _indices = [];

    public ClassNames(IReadOnlyList<string> labels)
    {
        for (var index = 0; index < labels.Count; index++)
            _indices.TryAdd(Normalize(labels[index]), index);
        foreach (var alike in Enumerable.Range(0, labels.Count).GroupBy(index => Normalize(labels[index].Split(" (")[0])))
            if (alike.Count() == 1) _indices.TryAdd(alike.Key, alike.First());
    }

    public bool TryFind(string name, out int index) => _indices.TryGetValue(Normalize(name), out index);

    static string Normalize(string name) => name.Trim().Replace('_', ' ').Replace('-', ' ').ToUpperInvariant();
}
