using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using ResNet.Generators.Diagnostics;
using ResNet.Tests;

namespace ResNet.Generators.Tests.Diagnostics;

/// <summary>The pages of docs/diagnostics are true: their examples are compiled.</summary>
public partial class DocumentationTests
{
    static readonly string _folder = Path.Combine(SharedData.Root, "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(descriptor => descriptor.Id)];

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock { get; }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_shows_the_error_and_its_cure(string id)
    {
        var descriptor = Descriptors.Of(id);
        var page = File.ReadAllText(Path.Combine(_folder, id + ".md")).ReplaceLineEndings("\n");
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        var examples = CodeBlock.Matches(page).Select(match => Source.Usings + match.Groups[1].Value).ToArray();
        Assert.Equal(2, examples.Length);
        Assert.Equal([id], Generation.Of(examples[0]).Diagnostics.Select(found => found.Id));
        Assert.Empty(Generation.Of(examples[1]).Diagnostics);
        Assert.NotEmpty(Generation.Of(examples[1]).Models);
        Assert.All(examples, example => Assert.Empty(Source.Compile(example).GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error)));
    }

    [Fact]
    public void The_index_lists_every_page()
    {
        var index = File.ReadAllText(Path.Combine(_folder, "README.md"));
        Assert.All(Descriptors.All, descriptor => Assert.Contains($"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.Title} |", index, StringComparison.Ordinal));
        Assert.Equal(Descriptors.All.Count + 1, Directory.GetFiles(_folder, "*.md").Length);
    }

    [Fact]
    public void Every_descriptor_is_listed_and_no_id_is_used_twice()
    {
        var declared = typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>();
        Assert.Equal(declared, Descriptors.All);
        Assert.Equal(Enumerable.Range(1, Descriptors.All.Count).Select(i => $"RESNET{i:D3}"), Descriptors.All.Select(descriptor => descriptor.Id));
    }

    [Fact]
    public void Every_error_of_the_builder_has_a_descriptor()
    {
        var ids = typeof(ResNet.Dsl.NetworkException).Assembly.GetType("ResNet.Dsl.ErrorIds")!
            .GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (string)field.GetValue(null)!).ToArray();
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Equal(id, Descriptors.Of(id).Id));
    }
}
