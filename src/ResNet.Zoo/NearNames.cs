namespace ResNet.Zoo;

/// <summary>Names that a mistyped one may have meant.</summary>
static class NearNames
{
    const int Most = 3;

    /// <summary>The nearest of the names, the nearest first: those that begin with the text, or differ from it in a few characters.</summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names) =>
    [
        .. names
            .Select(name => (Name: name, Distance: name.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, text)))
            .Where(candidate => candidate.Distance <= Math.Max(2, text.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .Take(Most)
            .Select(candidate => candidate.Name),
    ];

    /// <summary>Levenshtein's distance: characters to insert, delete or replace.</summary>
    static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
