using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Removes an attribute that a class cannot have: the declaration of a second network, or a budget without a network.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AttributeFix() : NetworkCodeFix(Descriptors.SeveralAttributes.Id, Descriptors.BudgetWithoutNetwork.Id)
{
    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        if (place.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { Parent: AttributeListSyntax list } attribute) return [];
        return [new($"Remove [{attribute.Name}]", nameof(AttributeFix), editor =>
        {
            if (list.Attributes.Count > 1) editor.RemoveNode(attribute);
            // Its line goes, and the comments above stay.
            else editor.RemoveNode(list, SyntaxRemoveOptions.KeepLeadingTrivia);
        })];
    }
}
