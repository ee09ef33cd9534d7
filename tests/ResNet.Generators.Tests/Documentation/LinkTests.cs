using System.Text.Json;
using System.Text.RegularExpressions;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Tests.Documentation;

/// <summary>Every link leads somewhere: those of pages, of comments, of the table of contents and of compiler errors.</summary>
public partial class LinkTests
{
    static readonly string _docs = Path.Combine(SharedData.Root, "docs");

    [GeneratedRegex("(?<![\\w/.])docs/[\\w./-]+\\.md")]
    private static partial Regex Mention { get; }

    [GeneratedRegex("^\\s*///.*href=\"(?!https://)([^\"]*)\"", RegexOptions.Multiline)]
    private static partial Regex InsecureReference { get; }

    [GeneratedRegex("href: (\\S+\\.md)")]
    private static partial Regex Entry { get; }

    [Fact]
    public void No_link_of_a_page_is_dead() => Assert.Empty(DeadLinks.In(SharedData.Root));

    [Fact]
    public void Dead_links_are_found()
    {
        using var folder = new TemporaryFolder();
        folder.Write("docs/target.md", "# A `Name`: of *things*\n## Same\n## Same\n");
        folder.Write("image.svg", "<svg/>");
        folder.Write("page.md",
            """
            [a](docs/target.md) [b](docs/target.md#a-name-of-things) [c](docs/target.md#same-1) ![d](image.svg) [e](https://example.org/) [f](docs)
            `[not a link](nowhere.md)`
            ```
            [not a link](nowhere.md)
            ```
            [1](docs/absent.md) [2](docs/target.md#absent) [3](#absent) [4](../outside.md) ![5](absent.png "title") [6](http://example.org/)
            [7](https://github.com/resnet-dsl/ResNet.Dsl/blob/main/absent.md) [8](https://resnet-dsl.github.io/ResNet.Dsl/absent.html)
            [g](https://github.com/resnet-dsl/ResNet.Dsl/blob/main/docs/target.md#same) [h](https://resnet-dsl.github.io/ResNet.Dsl/target.html#same)
            <img src="absent.svg">
            """);
        Assert.Equal(
            ["docs/absent.md", "docs/target.md#absent", "#absent", "../outside.md", "absent.png", "http://example.org/",
                DeadLinks.Repository + "blob/main/absent.md", DeadLinks.Site + "absent.html", "absent.svg"],
            DeadLinks.In(folder.Path).Select(found => found.Split(' ')[1]));
    }

    [Fact]
    public void Comments_and_messages_name_pages_that_exist()
    {
        string[] folders = ["src", "tests", "examples", "experiments", "benchmarks"];
        var texts = folders.SelectMany(folder => DeadLinks.Files(Path.Combine(SharedData.Root, folder), "*.cs"))
            .Where(path => Path.GetFileName(path) != "LinkTests.cs").ToDictionary(path => path, File.ReadAllText);
        var absent = texts.SelectMany(text => Mention.Matches(text.Value).Select(match => match.Value).Where(page => !File.Exists(Path.Combine(SharedData.Root, page))).Select(page => $"{text.Key}: {page}"));
        Assert.Empty(absent);
        Assert.Empty(texts.SelectMany(text => InsecureReference.Matches(text.Value).Select(match => $"{text.Key}: {match.Value}")));
        Assert.Contains(texts.Values, text => Mention.IsMatch(text));
    }

    [Fact]
    public void The_table_of_contents_lists_every_page()
    {
        var listed = Entry.Matches(File.ReadAllText(Path.Combine(_docs, "toc.yml"))).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(listed.Distinct(), listed);
        Assert.All(listed, page => Assert.True(File.Exists(Path.Combine(_docs, page)), page));
        Assert.Empty(Directory.GetFiles(_docs, "*.md").Select(path => Path.GetFileName(path)!).Except(listed));
        var diagnostics = Entry.Matches(File.ReadAllText(Path.Combine(_docs, "diagnostics", "toc.yml"))).Select(match => match.Groups[1].Value);
        Assert.Equal(Directory.GetFiles(Path.Combine(_docs, "diagnostics"), "*.md").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal), diagnostics);
    }

    [Fact]
    public void A_compiler_error_links_to_its_page_on_the_site()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Root, "docfx.json")));
        Assert.Equal(DeadLinks.Site.TrimEnd('/'), settings.RootElement.GetProperty("build").GetProperty("sitemap").GetProperty("baseUrl").GetString());
        Assert.All(Descriptors.All, descriptor => Assert.Equal($"{DeadLinks.Site}diagnostics/{descriptor.Id}.html", descriptor.HelpLinkUri));
        Assert.All(Descriptors.All, descriptor => Assert.True(File.Exists(Path.Combine(_docs, "diagnostics", descriptor.Id + ".md"))));
    }
}
