using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Generators;
using ResNet.Runtime;

namespace ResNet.Onnx.Tests.Sources;

/// <summary>Compiles a file as users do, with the generator.</summary>
static class CompiledSource
{
    static readonly CSharpParseOptions _options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    static readonly List<MetadataReference> _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "ResNet.Dsl.dll" or "ResNet.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a file, without an error or a warning, and makes the network of its class.</summary>
    public static Network Create(string source, string className)
    {
        var compilation = CSharpCompilation.Create($"Compiled{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(source, _options, "Model.cs")], _references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: _options).RunGeneratorsAndUpdateCompilation(compilation, out var whole, out var diagnostics);
        Assert.Empty(diagnostics);
        using var stream = new MemoryStream();
        var result = whole.Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        Assert.DoesNotContain(result.Diagnostics, diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        stream.Position = 0;
        var type = AssemblyLoadContext.Default.LoadFromStream(stream).GetType(className) ?? throw new InvalidOperationException($"There is no class {className}");
        return (Network)Activator.CreateInstance(type, [null])!;
    }
}
