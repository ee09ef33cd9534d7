namespace ResNet.Runtime.Data.Folders;

/// <summary>
/// Finds classes by name. A name that is spelled exactly so comes first; then case, underscores and hyphens make no difference:
/// <c>great_white_shark</c>. What tells a name from others in parentheses may be left out where there are no others:
/// <c>boxer</c> for <c>boxer (dog)</c>.
/// </summary>
sealed class ClassNames
{
    readonly Dictionary<string, int> _exact = [], _indices = [];

    public ClassNames(IReadOnlyList<string> labels)
    {
        for (var index = 0; index < labels.Count; index++)
        {
            _exact.TryAdd(labels[index], index);
            _indices.TryAdd(Normalize(labels[index]), index);
        }
        foreach (var alike in Enumerable.Range(0, labels.Count).GroupBy(index => Normalize(labels[index].Split(" (")[0])))
            if (alike.Count() == 1) _indices.TryAdd(alike.Key, alike.First());
    }

    public bool TryGetIndex(string name, out int index) => _exact.TryGetValue(name, out index) || _indices.TryGetValue(Normalize(name), out index);

    public static string Normalize(string name) => name.Trim().Replace('_', ' ').Replace('-', ' ').ToUpperInvariant();
}
