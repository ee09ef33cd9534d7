using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Removes the forms that a network's class cannot have: static, abstract, local to its file, a record, derived from another class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ClassFormFix() : NetworkCodeFix(Descriptors.NotPlainClass.Id, Descriptors.OtherBaseClass.Id)
{
    static readonly (SyntaxKind Keyword, DeclarationModifiers Modifier)[] _excess =
    [
        (SyntaxKind.StaticKeyword, DeclarationModifiers.Static),
        (SyntaxKind.AbstractKeyword, DeclarationModifiers.Abstract),
        (SyntaxKind.FileKeyword, DeclarationModifiers.File),
    ];

    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        if (place.Node is BaseTypeSyntax { Parent: BaseListSyntax list } based)
            return [new("Remove the base class", editor => editor.RemoveNode(list.Types.Count == 1 ? list : based))];
        if (place.Node is not TypeDeclarationSyntax type) return [];
        return
        [
            .. from excess in _excess
               where type.Modifiers.Any(excess.Keyword)
               select new Edit($"Remove '{SyntaxFacts.GetText(excess.Keyword)}'", editor => editor.ReplaceNode(type, (current, generator) =>
                   generator.WithModifiers(current, generator.GetModifiers(current) - excess.Modifier))),
            .. type is RecordDeclarationSyntax { ParameterList: null } ? new Edit[] { new("Make it a class", editor => editor.ReplaceNode(type, (current, _) => ToClass((RecordDeclarationSyntax)current))) } : [],
        ];
    }

    static ClassDeclarationSyntax ToClass(RecordDeclarationSyntax record) => SyntaxFactory.ClassDeclaration(
        record.AttributeLists, record.Modifiers, SyntaxFactory.Token(SyntaxKind.ClassKeyword).WithTriviaFrom(record.Keyword), record.Identifier, record.TypeParameterList,
        record.BaseList, record.ConstraintClauses, record.OpenBraceToken, record.Members, record.CloseBraceToken, record.SemicolonToken);
}
