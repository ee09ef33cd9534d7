using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ResNet.Dsl;

namespace ResNet.Generators.Diagnostics;

/// <summary>A diagnostic that compares by value and keeps no syntax tree alive, as pipeline steps need it.</summary>
/// <param name="Descriptor">Which diagnostic.</param>
/// <param name="Location">Where.</param>
/// <param name="Arguments">The arguments of the descriptor's message.</param>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo Location, EquatableArray<string> Arguments)
{
    public DiagnosticInfo(DiagnosticDescriptor descriptor, Location location, params string[] arguments)
        : this(descriptor, LocationInfo.Of(location), new(arguments))
    {
    }

    /// <summary>An error that the DSL found.</summary>
    public DiagnosticInfo(NetworkException error, Location location) : this(Descriptors.Of(error.Id), location, error.Message) => Remedies = error.Remedies;

    /// <summary>Edits each of which would correct it.</summary>
    public EquatableArray<Remedy> Remedies { get; init; }

    /// <summary>The same for the compiler.</summary>
    /// <param name="compilation">The compilation that was parsed.</param>
    public Diagnostic ToDiagnostic(Compilation compilation) =>
        Diagnostic.Create(Descriptor, Location.In(compilation), RemedyProperties.Write(Remedies), [.. Arguments]);
}

/// <summary>A place in a file.</summary>
/// <param name="Path">Path of the file, as the compiler knows it.</param>
/// <param name="Span">Characters from the file's beginning.</param>
internal sealed record LocationInfo(string Path, TextSpan Span)
{
    public static LocationInfo Of(Location location) => new(location.SourceTree?.FilePath ?? "", location.SourceSpan);

    /// <summary>The place in the syntax tree, without which editors offer no fixes.</summary>
    public Location In(Compilation compilation) =>
        compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == Path && tree.Length >= Span.End) is { } tree
            ? Location.Create(tree, Span)
            : Location.None;
}
