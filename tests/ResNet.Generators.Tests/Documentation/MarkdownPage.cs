using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ResNet.Generators.Tests.Documentation;

/// <summary>A page in Markdown: the targets of its links, and the anchors that GitHub and docfx give its headings.</summary>
sealed partial class MarkdownPage
{
    public MarkdownPage(string path)
    {
        Path = path;
        var text = CodeBlock.Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), "\n");
        Links = [.. Link.Matches(CodeSpan.Replace(text, "")).Select(match => match.Groups["target"].Value)];
        var slugs = Heading.Matches(text).Select(match => Slug(match.Groups["title"].Value));
        Anchors = slugs.GroupBy(slug => slug).SelectMany(same => same.Select((slug, i) => i == 0 ? slug : $"{slug}-{i}")).ToHashSet();
    }

    public string Path { get; }

    public IReadOnlyList<string> Links { get; }

    public IReadOnlySet<string> Anchors { get; }

    [GeneratedRegex("^(```+)[^\n]*\n.*?^\\1 *$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock { get; }

    [GeneratedRegex("(`+).+?\\1")]
    private static partial Regex CodeSpan { get; }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)|^\[[^\]]+\]: *(?<target>\S+)|(?:href|src)=""(?<target>[^""]+)""", RegexOptions.Multiline)]
    private static partial Regex Link { get; }

    [GeneratedRegex("^#{1,6} +(?<title>.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]*\)")]
    private static partial Regex LinkedText { get; }

    /// <summary>Lower case, hyphens for spaces, and no signs but hyphens and underscores.</summary>
    static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in LinkedText.Replace(title, "${text}").ToLower(CultureInfo.InvariantCulture))
        {
            if (c == ' ') slug.Append('-');
            else if (char.IsLetterOrDigit(c) || c is '-' or '_') slug.Append(c);
        }
        return slug.ToString();
    }
}
