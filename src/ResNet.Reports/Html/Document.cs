namespace ResNet.Reports.Html;

/// <summary>The page around the sections.</summary>
static class Document
{
    static readonly Lazy<string> _style = new(() =>
    {
        using var reader = new StreamReader(typeof(Document).Assembly.GetManifestResourceStream("ResNet.Reports.report.css")!);
        return reader.ReadToEnd();
    });

    /// <summary>Writes a document that loads nothing and is not allowed to.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="sections">Its content.</param>
    public static Markup Write(string title, IEnumerable<Markup> sections) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <link rel="icon" href="data:,">
        <title>{title}</title>
        <style>
        {Markup.Raw(_style.Value)}</style>
        </head>
        <body>
        <main>
        {sections}</main>
        </body>
        </html>

        """;

    /// <summary>Writes a section with a heading.</summary>
    /// <param name="id">Its name in links and for the heading.</param>
    /// <param name="heading">The heading.</param>
    /// <param name="content">The content below it.</param>
    public static Markup Section(string id, string heading, Markup content) => $"""
        <section id="{id}" aria-labelledby="{id}-heading">
        <h2 id="{id}-heading">{heading}</h2>
        {content}
        </section>

        """;

    /// <summary>Writes a box that scrolls by itself where its content is wider or longer than it, by keyboard, too.</summary>
    /// <param name="name">The text for a person who does not see it.</param>
    /// <param name="content">The content.</param>
    public static Markup Scrolling(string name, Markup content) => $"""
        <div class="scroll" tabindex="0" role="region" aria-label="{name}">
        {content}</div>

        """;
}
