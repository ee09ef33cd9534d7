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

    /// <summary>Says that there is no classifier or detector of a name, and which there are instead.</summary>
    public static string Explain(string name)
    {
        List<string> all = [.. Models.All.Select(model => model.Name), .. DetectorModels.All.Select(model => model.Name)];
        // A family that exists, at a depth that it does not have: name those it has.
        var family = name.TrimEnd([.. "0123456789"]);
        var depths = all
            .Where(one => one.StartsWith(family, StringComparison.OrdinalIgnoreCase) && one[family.Length..].All(char.IsAsciiDigit))
            .Select(one => one[family.Length..])
            .ToList();
        // The part after a dash or an underscore is a width.
        if (family.Length > 0 && char.IsLetter(family[^1]) && family.Length < name.Length && depths.Count > 0)
            return $"There is no {name}: {family} has {string.Join(", ", depths)} layers";

        var nearest = Of(name, all);
        return nearest.Count == 0
            ? $"There is no model {name}; expected one of {string.Join(", ", all)}"
            : $"There is no model {name}; did you mean {string.Join(" or ", nearest)}?";
    }

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
