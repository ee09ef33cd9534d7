using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ResNet.Generators.Tests;

/// <summary>A source in which <c>[|…|]</c> marks where each diagnostic is expected.</summary>
sealed class MarkedSource
{
    MarkedSource(string text, IReadOnlyList<TextSpan> spans) => (Text, Spans) = (text, spans);

    public string Text { get; }

    public IReadOnlyList<TextSpan> Spans { get; }

    public static MarkedSource Parse(string marked)
    {
        var spans = new List<TextSpan>();
        for (var start = marked.IndexOf("[|", StringComparison.Ordinal); start >= 0; start = marked.IndexOf("[|", StringComparison.Ordinal))
        {
            var end = marked.IndexOf("|]", start, StringComparison.Ordinal) - 2;
            marked = marked.Remove(end + 2, 2).Remove(start, 2);
            spans.Add(TextSpan.FromBounds(start, end));
        }
        return new(marked, spans);
    }

    /// <summary>Holds a source to exactly one diagnostic of that id per mark, whose message contains <paramref name="text"/>, and to no network.</summary>
    public static void Yields(string marked, string id, string text) => Assert.Empty(Marks(marked, id, text).Models);

    /// <summary>The same, whether or not there is a network.</summary>
    /// <returns>The generator's run.</returns>
    public static Generation Marks(string marked, string id, string text)
    {
        var source = Parse(marked);
        var run = Generation.Of(source.Text);
        Assert.Equal(
            source.Spans.Select(span => $"{id} {span} {source.Text.Substring(span.Start, span.Length)}"),
            run.Diagnostics.Select(found => $"{found.Id} {found.Location.SourceSpan} {source.Text.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length)}"));
        Assert.All(run.Diagnostics, found =>
        {
            Assert.Contains(text, found.GetMessage(null), StringComparison.Ordinal);
            Assert.Equal(DiagnosticSeverity.Error, found.Severity);
            Assert.Equal("Test0.cs", found.Location.GetLineSpan().Path);
        });
        return run;
    }

    /// <summary>The same for a body of <c>Define</c>, behind an input of 3×32×32.</summary>
    public static void BodyYields(string body, string id, string text, string members = "", string types = "") =>
        Yields(Source.Network($"net.Input(3, 32, 32);\n{body}", members, types), id, text);
}
