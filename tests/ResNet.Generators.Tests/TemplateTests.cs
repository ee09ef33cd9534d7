using System.Text.Json;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Tests;

namespace ResNet.Generators.Tests;

/// <summary>The programs of the package ResNet.Templates, with every choice that "dotnet new" offers.</summary>
public class TemplateTests
{
    const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    const string WebUsings = """
        global using System.Net.Http.Json; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting; global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    static readonly string _templates = Path.Combine(SharedData.Root, "src", "ResNet.Templates", "templates");
    static readonly string _frameworks = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", ".."));

    public static TheoryData<string> Names => [.. Directory.GetDirectories(_templates).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_program_compiles_whatever_is_chosen(string name)
    {
        var symbols = Symbols(name);
        Assert.NotEmpty(symbols);
        for (var i = 0; i < symbols.Max(symbol => symbol.Choices.Length); i++)
        {
            var text = File.ReadAllText(Path.Combine(_templates, name, "Program.cs"));
            foreach (var symbol in symbols)
            {
                Assert.Contains(symbol.Default, symbol.Choices);
                Assert.Contains(symbol.Replaces, text, StringComparison.Ordinal);
                text = text.Replace(symbol.Replaces, symbol.Choices[Math.Min(i, symbol.Choices.Length - 1)], StringComparison.Ordinal);
            }
            Assert.Empty(Errors(text, IsWeb(name)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_project_references_packages_of_the_version_that_is_packed(string name)
    {
        var packages = Project(name).Descendants("PackageReference").ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Equal("RESNET_VERSION", (string?)package.Attribute("Version")));
    }

    /// <summary>The parameters of a template that have choices.</summary>
    static List<(string Replaces, string Default, string[] Choices)> Symbols(string name)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(_templates, name, ".template.config", "template.json")));
        Assert.True(File.Exists(Path.Combine(_templates, name, config.RootElement.GetProperty("sourceName").GetString() + ".csproj")));
        return [.. config.RootElement.GetProperty("symbols").EnumerateObject().Select(symbol => (
            symbol.Value.GetProperty("replaces").GetString()!,
            symbol.Value.GetProperty("defaultValue").GetString()!,
            symbol.Value.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("choice").GetString()!).ToArray()))];
    }

    static XDocument Project(string name) => XDocument.Load(Directory.GetFiles(Path.Combine(_templates, name), "*.csproj").Single());

    static bool IsWeb(string name) => (string?)Project(name).Root!.Attribute("Sdk") == "Microsoft.NET.Sdk.Web";

    static IEnumerable<string> Errors(string program, bool isWeb)
    {
        var compilation = CSharpCompilation.Create("Program",
            [Parse(program), Parse(ImplicitUsings), .. isWeb ? [Parse(WebUsings)] : Array.Empty<SyntaxTree>()],
            References(isWeb).Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var compiled, out var reported);
        return compiled.GetDiagnostics().Concat(reported).Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString());
    }

    static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, Source.ParseOptions);

    static IEnumerable<string> References(bool isWeb)
    {
        var own = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return isWeb ? own.Concat(WebFramework()).DistinctBy(Path.GetFileName) : own;
    }

    /// <summary>ASP.NET, which stands beside this test's own framework wherever there is an SDK.</summary>
    static string[] WebFramework() => Directory.GetFiles(
        Directory.GetDirectories(Path.Combine(_frameworks, "Microsoft.AspNetCore.App"), $"{Environment.Version.Major}.*")
            .OrderBy(folder => Version.TryParse(Path.GetFileName(folder), out var version) ? version : new()).Last(), "*.dll");
}
