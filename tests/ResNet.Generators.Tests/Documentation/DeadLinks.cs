namespace ResNet.Generators.Tests.Documentation;

/// <summary>Finds the links of a folder's pages that lead to no file or to no heading.</summary>
static class DeadLinks
{
    public const string Repository = "https://github.com/resnet-dsl/ResNet.Dsl/";
    public const string Site = "https://resnet-dsl.github.io/ResNet.Dsl/";

    static readonly string[] _made = ["bin", "obj", "artifacts", "TestResults", "runs", ".git", "api"];

    public static IEnumerable<string> In(string root) =>
        from path in Files(root, "*.md")
        let page = new MarkdownPage(path)
        from link in page.Links
        let reason = Reason(root, page, link)
        where reason is not null
        select $"{Path.GetRelativePath(root, path)}: {link} {reason}";

    /// <summary>The files of a folder, without those that a build or a run makes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(folder, pattern).Concat(
            Directory.GetDirectories(folder).Where(inner => !_made.Contains(Path.GetFileName(inner))).SelectMany(inner => Files(inner, pattern)));

    /// <summary>Returns a link to this project's site or repository as a path from the root, and others as they are.</summary>
    static string Local(string link)
    {
        foreach (var view in new[] { "blob/main/", "tree/main/", "raw/main/" })
        {
            if (link.StartsWith(Repository + view, StringComparison.Ordinal)) return "/" + link[(Repository + view).Length..];
        }
        return link.StartsWith(Site, StringComparison.Ordinal) && link.Contains(".html", StringComparison.Ordinal)
            ? "/docs/" + link[Site.Length..].Replace(".html", ".md", StringComparison.Ordinal)
            : link;
    }

    static string? Reason(string root, MarkdownPage page, string link)
    {
        var local = Local(link);
        if (Uri.TryCreate(local, UriKind.Absolute, out var uri) && !uri.IsFile) return uri.Scheme is "https" or "mailto" ? null : "is not https";
        var parts = local.Split('#', 2);
        var folder = parts[0].StartsWith('/') ? root : Path.GetDirectoryName(page.Path)!;
        var target = parts[0] == "" ? page.Path : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0]).TrimStart('/')));
        if (!target.StartsWith(root, StringComparison.Ordinal)) return "leads out of the repository";
        if (!File.Exists(target) && !Directory.Exists(target)) return "leads to no file";
        if (parts.Length == 1) return null;
        return File.Exists(target) && Path.GetExtension(target) == ".md" && new MarkdownPage(target).Anchors.Contains(parts[1]) ? null : "leads to no heading";
    }
}
