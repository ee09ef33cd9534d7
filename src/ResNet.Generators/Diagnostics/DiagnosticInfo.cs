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

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location.ToLocation(), [.. Arguments]);
}

/// <summary>A place in a file.</summary>
/// <param name="Path">Path of the file, as the compiler knows it.</param>
/// <param name="Span">Characters from the file's beginning.</param>
/// <param name="Lines">The same as lines and columns.</param>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo Of(Location location) => new(
        location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation() => Microsoft.CodeAnalysis.Location.Create(Path, Span, Lines);
}
