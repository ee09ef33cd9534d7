using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Makes a static field that a declaration reads readonly.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ConstantFix() : NetworkCodeFix(Descriptors.NotConstant.Id)
{
    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        // The node may be an argument that consists of the field.
        if (place.Node.DescendantNodesAndSelf().OfType<ExpressionSyntax>().FirstOrDefault(node => node.Span == place.Node.Span) is not { } read) return [];
        if (place.Model.GetSymbolInfo(read, cancellationToken).Symbol is not IFieldSymbol { IsStatic: true, IsReadOnly: false, DeclaringSyntaxReferences: { Length: 1 } references } field) return [];
        // A field of another file is left to the user.
        if (references[0].SyntaxTree != place.Node.SyntaxTree || references[0].GetSyntax(cancellationToken).FirstAncestorOrSelf<FieldDeclarationSyntax>() is not { } declaration) return [];
        return [new($"Make '{field.Name}' readonly", nameof(ConstantFix), editor => editor.ReplaceNode(declaration, (current, generator) =>
            generator.WithModifiers(current, generator.GetModifiers(current).WithIsReadOnly(true))))];
    }
}
