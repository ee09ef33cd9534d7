using System.Globalization;
using System.Text.RegularExpressions;

namespace ResNet.Runtime.Data.Shards;

/// <summary>A name that stands for several files, as WebDataset writes them: <c>train-{000..146}.tar</c>, also with alternatives: <c>{a,b}.tar</c>.</summary>
static partial class ShardPattern
{
    const int MostFiles = 1_000_000;

    /// <summary>Whether a name has braces, and no file has that name.</summary>
    public static bool IsPattern(string path) => Braces().IsMatch(path) && !Path.Exists(path);

    /// <summary>The names that a pattern stands for, in its order.</summary>
    /// <exception cref="DatasetException">There are too many.</exception>
    public static IEnumerable<string> Expand(string pattern)
    {
        var match = Braces().Match(pattern);
        if (!match.Success) return [pattern];
        var (start, end) = (pattern[..match.Index], pattern[(match.Index + match.Length)..]);
        string[] ends = [.. Expand(end)];
        return Alternatives(pattern, match).SelectMany(middle => ends.Select(rest => start + middle + rest));
    }

    static IEnumerable<string> Alternatives(string pattern, Match braces)
    {
        if (!braces.Groups["first"].Success) return braces.Groups["list"].Value.Split(',');
        var (first, last) = (braces.Groups["first"].Value, braces.Groups["last"].Value);
        if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from) || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            || to < from || to - from >= MostFiles)
            throw new DatasetException($"{pattern}: expected numbers that grow, of at most {MostFiles} files, found {braces.Value}");
        // 000..146 has three digits throughout, 0..146 as many as it takes.
        return Enumerable.Range(from, to - from + 1).Select(number => number.ToString(CultureInfo.InvariantCulture).PadLeft(first.Length, '0'));
    }

    [GeneratedRegex(@"\{(?:(?<first>\d+)\.\.(?<last>\d+)|(?<list>[^{},]*(?:,[^{},]*)+))\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Braces();
}
