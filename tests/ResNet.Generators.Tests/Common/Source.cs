using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Dsl;

namespace ResNet.Generators.Tests;

/// <summary>Compiles test sources in memory, against this test's own framework, DSL and runtime.</summary>
static class Source
{
    public const string Usings = "using System; using System.Collections.Generic; using System.Linq; using ResNet.Dsl;\n";

    public static CSharpParseOptions ParseOptions { get; } = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    /// <summary>This test's framework, the DSL and the runtime.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "ResNet.Dsl.dll" or "ResNet.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A network whose Define has that body; <paramref name="members"/> stand beside it, <paramref name="types"/> behind the class.</summary>
    public static string Network(string body, string members = "", string types = "") => $$"""
        {{Usings}}
        [Network]
        partial class Net
        {
            static void Define(NetworkBuilder net)
            {
                {{body}}
            }
            {{members}}
        }
        {{types}}
        """;

    public static CSharpCompilation Compile(params string[] sources) => Compile(ParseOptions, sources);

    /// <summary>Compiles sources of a version of C#.</summary>
    public static CSharpCompilation Compile(CSharpParseOptions options, params string[] sources) => CSharpCompilation.Create(
        "Test",
        sources.Select((text, i) => CSharpSyntaxTree.ParseText(text, options, $"Test{i}.cs")),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The network that results when the C# compiler's own code for <c>Define</c> is executed.</summary>
    public static NetworkDefinition Execute(string source, string type = "Net")
    {
        using var assembly = new MemoryStream();
        var result = Compile(source).Emit(assembly);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        assembly.Position = 0;
        var context = new AssemblyLoadContext(null, isCollectible: true);
        try
        {
            var define = context.LoadFromStream(assembly).GetType(type)!.GetMethod("Define", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
            var net = new NetworkBuilder();
            define.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [net], null);
            return net.Build(type);
        }
        finally
        {
            context.Unload();
        }
    }
}
