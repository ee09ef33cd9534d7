using System.Globalization;
using System.Text.RegularExpressions;

namespace ResNet.Runtime.Data.Folders;

/// <summary>Labels as lists, archives and tables have them in words: names of classes, or their indices.</summary>
/// <param name="path">The file that they stand in, for messages.</param>
/// <param name="texts">The labels.</param>
/// <param name="place">The place of a label, for messages: file and line.</param>
sealed partial class TextLabels(string path, IReadOnlyList<string> texts, Func<int, string> place)
{
    /// <summary>A number from here on is no index of a class; it stands there by mistake.</summary>
    public const int MostClasses = 100_000;

    /// <summary>Finds the classes, and that of each label.</summary>
    /// <param name="classes">Names of the classes; null for those of the labels: their numbers, or their names in ordinal order.</param>
    /// <exception cref="DatasetException">A label is no class.</exception>
    public (IReadOnlyList<string> Names, int[] Indices) Match(IReadOnlyList<string>? classes)
    {
        var names = classes ?? Names();
        var known = new ClassNames(names);
        return (names, [.. Enumerable.Range(0, texts.Count).Select(at => ClassOf(at, names.Count, known))]);
    }

    public static bool TryGetNumber(string text, out int index) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    /// <summary>The names of the labels' own classes.</summary>
    IReadOnlyList<string> Names()
    {
        var (last, named) = (-1, -1);
        for (var at = 0; at < texts.Count; at++)
        {
            if (TryGetNumber(texts[at], out var index)) last = Math.Max(last, index);
            else if (LikeNumber().IsMatch(texts[at])) throw Wrong(at, "expected the index of a class, 0, 1 and so on, or its name");
            else if (named < 0) named = at;
        }
        if (last < 0) return [.. texts.Order(StringComparer.Ordinal).DistinctBy(ClassNames.Normalize)];
        if (last >= MostClasses) throw new DatasetException($"{path}: expected indices of classes below {MostClasses}, found {last}");
        if (named >= 0) throw Wrong(named, "expected the index of a class, as in other lines");
        return [.. Enumerable.Range(0, last + 1).Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }

    int ClassOf(int at, int count, ClassNames known) =>
        known.TryGetIndex(texts[at], out var index) || TryGetNumber(texts[at], out index) && index < count ? index : throw Wrong(at, $"expected a class from 0 to {count - 1} or its name");

    DatasetException Wrong(int at, string problem) => new($"{place(at)}: {problem}, found \"{texts[at]}\"");

    /// <summary>Numbers that are no index: <c>-1</c>, <c>1.5</c>, <c>1,000</c>, <c>1_000</c>, <c>1e400</c>, <c>0x10</c>.</summary>
    [GeneratedRegex(@"^[+-]?(\d[\d.,_']*|\.\d+)([eE][+-]?\d+)?$|^0[xX][0-9a-fA-F]+$", RegexOptions.CultureInvariant)]
    private static partial Regex LikeNumber();
}
