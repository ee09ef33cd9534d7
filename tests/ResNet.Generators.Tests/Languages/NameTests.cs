using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using ResNet.Tests;

namespace ResNet.Generators.Tests.Languages;

/// <summary>Names that other packages have, too, are listed in docs/packages.md, each with a line that settles which is meant.</summary>
public partial class NameTests
{
    const string Ours = "using ResNet.Dsl; using ResNet.Runtime; using ResNet.Runtime.Data; using ResNet.Runtime.Evaluation; using ResNet.Runtime.Optimizers;";

    /// <summary>The namespaces that a project uses without asking.</summary>
    const string Implicit = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
        """;

    [GeneratedRegex(@"^\| `(\w+)` \| ((?:`using [^`]+;` ?)+) \| `(using \w+ = [^`]+;)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [GeneratedRegex("`using (static )?([^`]+);`")]
    private static partial Regex Directive { get; }

    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (Match row in Row.Matches(File.ReadAllText(Path.Combine(SharedData.Root, "docs", "packages.md")).ReplaceLineEndings("\n")))
            foreach (Match directive in Directive.Matches(row.Groups[2].Value)) rows.Add(row.Groups[1].Value, directive.Value.Trim('`'), row.Groups[3].Value);
        return rows;
    }

    /// <summary>The other package is stood for by a type of that name.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void A_line_settles_which_type_is_meant(string name, string directive, string line)
    {
        var match = Directive.Match($"`{directive}`");
        var space = match.Groups[2].Value;
        var other = match.Groups[1].Success
            ? $"namespace {space[..space.LastIndexOf('.')]} {{ public static class {space[(space.LastIndexOf('.') + 1)..]} {{ public class {name} {{ }} }} }}"
            : $"namespace {space} {{ public class {name} {{ }} }}";
        string[] Errors(string alias) => [.. Source.Compile($"{Ours} {directive} {alias} class User {{ System.Type used = typeof({name}); }}", other)
            .GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.Id)];
        Assert.Equal(["CS0104"], Errors(""));
        Assert.Empty(Errors(line));
    }

    [Fact]
    public void No_name_meets_one_that_every_project_uses()
    {
        var names = new[] { typeof(ResNet.Dsl.NetworkBuilder), typeof(ResNet.Runtime.Network) }
            .SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => type is { IsNested: false, Namespace: "ResNet.Dsl" or "ResNet.Runtime", IsGenericType: false }).Select(type => type.Name).ToList();
        Assert.NotEmpty(names);
        var uses = string.Concat(names.Select((name, i) => $"System.Type used{i} = typeof({name});\n"));
        Assert.Empty(Source.Compile($"{Implicit} using ResNet.Dsl; using ResNet.Runtime; class User {{ {uses} }}").GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
    }
}
