using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;

namespace ResNet.Generators.CodeFixes;

/// <summary>Corrects misspelled words of the DSL: options of attributes, members of enumerations, builder calls and their parameters.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SpellingFix() : NetworkCodeFix(UnknownName, NoMember, NoExtension, NoParameter)
{
    // The C# compiler's own errors.
    const string UnknownName = "CS0246", NoMember = "CS0117", NoExtension = "CS1061", NoParameter = "CS1739";

    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        if (place.Node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().FirstOrDefault() is not { } written) return [];
        var word = written.Identifier.ValueText;
        return from known in Words(written, place.Model, cancellationToken).Distinct()
               let distance = EditDistance.Between(word, known)
               where distance <= Math.Max(2, word.Length / 3)
               orderby distance
               select new Edit($"Change '{word}' to '{known}'", editor => editor.ReplaceNode(written, SyntaxFactory.IdentifierName(known).WithTriviaFrom(written)));
    }

    /// <summary>The words that the DSL has in that place.</summary>
    static IEnumerable<string> Words(IdentifierNameSyntax name, SemanticModel model, CancellationToken cancellationToken) => name.Parent switch
    {
        NameEqualsSyntax { Parent: AttributeArgumentSyntax { Parent.Parent: AttributeSyntax attribute } } =>
            Bases(Own(model.GetTypeInfo(attribute, cancellationToken).Type)).SelectMany(type => type.GetMembers()).OfType<IPropertySymbol>()
                .Where(property => property.SetMethod?.DeclaredAccessibility == Accessibility.Public).Select(property => property.Name),
        NameColonSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } } =>
            model.GetMemberGroup(call.Expression, cancellationToken).OfType<IMethodSymbol>().Where(method => Own(method.ContainingType) is not null)
                .SelectMany(method => method.Parameters).Select(parameter => parameter.Name),
        MemberAccessExpressionSyntax access when model.GetSymbolInfo(access.Expression, cancellationToken).Symbol is INamedTypeSymbol { TypeKind: TypeKind.Enum } values =>
            Own(values)?.GetMembers().OfType<IFieldSymbol>().Select(member => member.Name) ?? [],
        MemberAccessExpressionSyntax access =>
            Own(model.GetTypeInfo(access.Expression, cancellationToken).Type)?.GetMembers()
                .Where(member => member is { DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true }).Select(member => member.Name) ?? [],
        _ => [],
    };

    /// <summary>The type if it is the DSL's.</summary>
    static ITypeSymbol? Own(ITypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() == typeof(NetworkBuilder).Namespace ? type : null;

    /// <summary>A type and those that it derives from.</summary>
    static IEnumerable<ITypeSymbol> Bases(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType) yield return type;
    }
}
