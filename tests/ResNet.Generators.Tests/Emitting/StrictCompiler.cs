using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>The C# compiler with every warning on, those about documentation included, and each of them an error.</summary>
static class StrictCompiler
{
    static readonly IReadOnlyList<MetadataReference> _references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    /// <returns>The assembly.</returns>
    public static byte[] Compile(IEnumerable<(string Path, string Text)> files)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
            warningLevel: 9999, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create("Generated_" + Guid.NewGuid().ToString("N"),
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, parse, file.Path)), _references, options);
        using var image = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = compilation.Emit(image, xmlDocumentationStream: documentation);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(Describe));
        return image.ToArray();
    }

    static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic}\n{diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]}";
}
