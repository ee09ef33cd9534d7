using ResNet.Dsl;

namespace ResNet.Zoo;

/// <summary>Names that a mistyped one may have meant.</summary>
static class NearNames
{
    const int Most = 3;

    /// <summary>The nearest of the names, the nearest first: those that begin with the text, or differ from it in a few characters.</summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names) =>
    [
        .. names
            .Select(name => (Name: name, Distance: name.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : EditDistance.Between(name, text)))
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
}
