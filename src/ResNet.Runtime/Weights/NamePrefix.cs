namespace ResNet.Runtime.Weights;

/// <summary>
/// What a file puts before the network's names: wrappers (<c>module.</c>, <c>_orig_mod.</c>), a class that keeps the network in a
/// field (<c>backbone.</c>), the dictionary that holds the tensors. It is found by the names that the network expects.
/// </summary>
static class NamePrefix
{
    /// <summary>The prefixes under which the file has any expected name, those with the most names first.</summary>
    /// <param name="fileNames">The names in the file.</param>
    /// <param name="expected">The network's names, other spellings included.</param>
    public static List<string> Find(IEnumerable<string> fileNames, IReadOnlySet<string> expected)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        if (expected.Count == 0) return [];
        // A file's name may be of any length and have any number of dots: only what may be expected of it is looked at.
        var (length, dots) = (expected.Max(name => name.Length), expected.Max(name => name.Count(letter => letter == '.')));
        foreach (var name in fileNames)
        {
            var start = name.Length;
            for (var dot = 0; dot <= dots && start >= 0 && name.Length - start <= length; dot++)
            {
                start = start == 0 ? -1 : name.LastIndexOf('.', start - 1);
                if (name.Length - (start + 1) <= length && expected.Contains(name[(start + 1)..]))
                    counts[name[..(start + 1)]] = counts.GetValueOrDefault(name[..(start + 1)]) + 1;
            }
        }
        return [.. counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Length).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Key)];
    }

    /// <summary>Whether a prefix is, or begins with, what the caller has chosen.</summary>
    public static bool IsUnder(string prefix, string key) =>
        key.Length == 0 ? prefix.Length == 0 : $"{prefix}.".StartsWith($"{key}.", StringComparison.Ordinal);

    /// <summary>The key that chooses a prefix: without the last dot.</summary>
    public static string Key(string prefix) => prefix.TrimEnd('.');
}
