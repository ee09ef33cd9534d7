using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Makes a method that declares layers static and without a result.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DefineFix() : NetworkCodeFix(Descriptors.NoDefine.Id)
{
    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        if (place.Node is not MethodDeclarationSyntax { TypeParameterList: null, ParameterList.Parameters: { Count: 1 } parameters } method) return [];
        if (parameters[0].Modifiers.Count > 0 || method.Modifiers.Any(SyntaxKind.AsyncKeyword)) return [];
        // A block that returns results takes more than one edit.
        if (!IsVoid(method) && method.ExpressionBody is null) return [];
        return [new($"Make '{method.Identifier.Text}' static void", nameof(DefineFix), editor => editor.ReplaceNode(method, (current, generator) => WithForm((MethodDeclarationSyntax)current, generator)))];
    }

    static SyntaxNode WithForm(MethodDeclarationSyntax method, SyntaxGenerator generator)
    {
        var declared = IsVoid(method) ? method : method.WithReturnType(SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.VoidKeyword)).WithTriviaFrom(method.ReturnType));
        return generator.WithModifiers(declared, generator.GetModifiers(declared).WithIsStatic(true));
    }

    static bool IsVoid(MethodDeclarationSyntax method) => method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
