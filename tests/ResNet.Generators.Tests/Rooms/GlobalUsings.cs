using Microsoft.CodeAnalysis;

namespace ResNet.Generators.Tests.Rooms;

/// <summary>The using directives that the build adds to every source file.</summary>
static class GlobalUsings
{
    /// <summary>The implicit usings, on the line of the file's first one so that no position moves.</summary>
    public const string Insert =
        "using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks; ";

    /// <summary>The framework, and what this test project references.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !IsOurs(Path.GetFileName(path)) || IsBelow(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path))];

    static bool IsOurs(string name) => name.StartsWith("ResNet.", StringComparison.Ordinal);

    /// <summary>Rooms of a project are told by its sources; the projects below it may come compiled.</summary>
    static bool IsBelow(string name) => name is "ResNet.Dsl.dll" or "ResNet.Planning.dll";
}
