using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Emitting;
using ResNet.Generators.Names;

namespace ResNet.Generators.Parsing;

/// <summary>Whether generated code can be another part of a class.</summary>
internal static class ClassForm
{
    /// <summary>Everything that stands in the way, under the class's name where there is no better place.</summary>
    /// <param name="symbol">The class.</param>
    /// <param name="declaration">Its part that carries the attribute.</param>
    /// <param name="compilation">The compilation of the class.</param>
    /// <param name="baseClass">The base class that the generated half names.</param>
    /// <param name="members">Names that the generated half declares or calls.</param>
    public static IEnumerable<DiagnosticInfo> Check(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, Compilation compilation, string baseClass, IReadOnlyCollection<string> members)
    {
        var name = declaration.Identifier.GetLocation();
        if (!IsPartial(declaration))
            yield return new(Descriptors.NotPartial, name, symbol.Name);
        foreach (var container in declaration.Ancestors().OfType<TypeDeclarationSyntax>())
        {
            if (!IsPartial(container))
                yield return new(Descriptors.ContainerNotPartial, container.Identifier.GetLocation(), container.Identifier.ValueText, symbol.Name);
            if (container.TypeParameterList is not null)
                yield return new(Descriptors.Generic, container.Identifier.GetLocation(), container.Identifier.ValueText);
        }
        if (declaration.TypeParameterList is not null)
            yield return new(Descriptors.Generic, name, symbol.Name);
        if (Unusual(symbol, declaration) is { } kind)
            yield return new(Descriptors.NotPlainClass, name, symbol.Name, kind, Plain(baseClass));
        if (symbol.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } baseType && baseType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) != baseClass)
            yield return new(Descriptors.OtherBaseClass, BaseSyntax(symbol, compilation)?.GetLocation() ?? name, symbol.Name, baseType.Name, Plain(baseClass));
        if (members.Contains(symbol.Name) && symbol.Name != GeneratedMembers.Compiled)
            yield return new(Descriptors.NameTaken, name, symbol.Name);
        foreach (var member in symbol.GetMembers().Where(member => Clashes(member, members)))
            yield return new(Descriptors.NameTaken, member.Locations[0], member.Name);
    }

    static string Plain(string type) => type.Substring("global::".Length);

    static bool Clashes(ISymbol member, IReadOnlyCollection<string> members) =>
        members.Contains(member.Name) && !member.IsImplicitlyDeclared && !(member is IMethodSymbol method && Overloads(method));

    /// <summary>Whether a method has a generated one's name, but other parameters.</summary>
    static bool Overloads(IMethodSymbol method)
    {
        var pass = method.Name switch
        {
            RuntimeNames.Infer => RuntimeNames.InferencePass,
            RuntimeNames.Train => RuntimeNames.TrainingPass,
            _ => null,
        };
        return pass is not null && (method.Parameters.Length != 1 || method.Parameters[0].Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) != pass);
    }

    static bool IsPartial(TypeDeclarationSyntax type) => type.Modifiers.Any(SyntaxKind.PartialKeyword);

    static string? Unusual(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration) => symbol switch
    {
        { IsRecord: true } => "a record",
        { IsStatic: true } => "static",
        { IsAbstract: true } => "abstract",
        { IsFileLocal: true } => "local to its file, which its compiled half is not in",
        _ when symbol.InstanceConstructors.Any(HasPrimaryParameters) => "declared with constructor parameters",
        _ => null,
    };

    static bool HasPrimaryParameters(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    static TypeSyntax? BaseSyntax(INamedTypeSymbol symbol, Compilation compilation) =>
        (from reference in symbol.DeclaringSyntaxReferences
         let part = (TypeDeclarationSyntax)reference.GetSyntax()
         from listed in part.BaseList?.Types ?? default
         let type = compilation.GetSemanticModel(part.SyntaxTree).GetTypeInfo(listed.Type).Type
         where SymbolEqualityComparer.Default.Equals(type, symbol.BaseType)
         select listed.Type).FirstOrDefault();
}
