using ResNet.Dsl;

namespace ResNet.Generators.Model;

/// <summary>
/// Everything that emission needs to know of a declared class. It compares by value and holds no compiler type, so that
/// the compiler can keep it between edits without keeping a compilation alive.
/// </summary>
/// <param name="Place">The class.</param>
internal abstract record ClassModel(ClassPlace Place);

/// <summary>A class, and where it stands.</summary>
/// <param name="Namespace">Namespace of the class, or null for the global one.</param>
/// <param name="Containers">Types that the class is nested in, outermost first.</param>
/// <param name="Name">Name of the class as an identifier, with <c>@</c> where it is a keyword.</param>
internal sealed record ClassPlace(string? Namespace, EquatableArray<ContainingType> Containers, string Name)
{
    /// <summary>Whether the user's half has the constructor that takes a device.</summary>
    public bool DeclaresConstructor { get; init; }

    /// <summary>Whether the project's C# is older than namespaces without braces, version 10.</summary>
    public bool NamespaceHasBraces { get; init; }

    /// <summary>Tells classes apart whose full names differ in case alone: names of generated files ignore case. Mostly empty.</summary>
    public string CaseSuffix { get; init; } = "";

    /// <summary>The place of a class inside of this one.</summary>
    /// <param name="name">Its name.</param>
    public ClassPlace Nested(string name) => new(Namespace, new([.. Containers, new("partial class", Name)]), name) { CaseSuffix = CaseSuffix, NamespaceHasBraces = NamespaceHasBraces };
}

/// <summary>A type around the declared class, as a second part of it is opened. None is generic.</summary>
/// <param name="Keyword">Its kind: <c>partial class</c>, <c>partial record struct</c> …</param>
/// <param name="Name">Its name as an identifier.</param>
internal sealed record ContainingType(string Keyword, string Name);
