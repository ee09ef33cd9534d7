using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Makes a network's class and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PartialFix() : NetworkCodeFix(Descriptors.NotPartial.Id, Descriptors.ContainerNotPartial.Id)
{
    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        if (place.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type) yield break;
        yield return new($"Make '{type.Identifier.Text}' partial", nameof(PartialFix), editor =>
        {
            // From the innermost type outward, since an edit of one contains those within.
            foreach (var around in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
                editor.ReplaceNode(around, (current, generator) => generator.WithModifiers(current, generator.GetModifiers(current).WithPartial(true)));
        });
    }
}
