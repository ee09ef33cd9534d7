using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Corrects chains of calls: adds the layer that is missing, removes a second input, calls a branch's own builder.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class BuilderCallFix() : NetworkCodeFix(ErrorIds.DenseOnFeatureMaps, ErrorIds.SecondInput, ErrorIds.WrongBuilder)
{
    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        // The name of the call is marked, or an argument of it.
        var access = (place.Node.Parent as MemberAccessExpressionSyntax) ?? place.Call?.Expression as MemberAccessExpressionSyntax;
        return access is null ? [] : place.Diagnostic.Id switch
        {
            ErrorIds.DenseOnFeatureMaps => [Insert(access, nameof(NetworkBuilder.GlobalAveragePool)), Insert(access, nameof(NetworkBuilder.Flatten))],
            ErrorIds.SecondInput => RemoveCall(access),
            _ => UseOwnBuilder(access, place.Model, cancellationToken),
        };
    }

    // A chain may hold others that are edited at the same time, so each edit reads the chain at that moment.
    static Edit Insert(MemberAccessExpressionSyntax access, string layer) => new($"Add {layer}()", editor => editor.ReplaceNode(access.Expression, (current, _) =>
        SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, (ExpressionSyntax)current, access.OperatorToken, SyntaxFactory.IdentifierName(layer))).WithTrailingTrivia(current.GetTrailingTrivia())));

    static IEnumerable<Edit> RemoveCall(MemberAccessExpressionSyntax access)
    {
        const string title = "Remove the second input";
        if (access.Parent is not InvocationExpressionSyntax call) return [];
        return (call.Parent, access.Expression) switch
        {
            (ExpressionStatementSyntax statement, IdentifierNameSyntax) => [new(title, editor => editor.RemoveNode(statement))],
            (ExpressionStatementSyntax or MemberAccessExpressionSyntax, _) => [new(title, editor => editor.ReplaceNode(call, (current, _) => Receiver(current).WithTrailingTrivia(current.GetTrailingTrivia())))],
            // The rest would be no call, such as "r => r".
            _ => [],
        };
    }

    static ExpressionSyntax Receiver(SyntaxNode call) => ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)call).Expression).Expression;

    static IEnumerable<Edit> UseOwnBuilder(MemberAccessExpressionSyntax access, SemanticModel model, CancellationToken cancellationToken)
    {
        if (Root(access.Expression) is not { } used || access.FirstAncestorOrSelf<LambdaExpressionSyntax>() is not { } lambda) return [];
        if (model.GetSymbolInfo(lambda, cancellationToken).Symbol is not IMethodSymbol { Parameters: { Length: 1 } parameters }) return [];
        var own = parameters[0];
        if (own.IsDiscard || own.Name == used.Identifier.ValueText || own.Type.ToDisplayString() != typeof(NetworkBuilder).FullName) return [];
        return [new($"Call '{own.Name}'", nameof(BuilderCallFix), editor => editor.ReplaceNode(used, SyntaxFactory.IdentifierName(own.Name).WithTriviaFrom(used)))];
    }

    /// <summary>The variable that a chain of calls begins with.</summary>
    static IdentifierNameSyntax? Root(ExpressionSyntax chain) => chain switch
    {
        IdentifierNameSyntax name => name,
        MemberAccessExpressionSyntax access => Root(access.Expression),
        InvocationExpressionSyntax call => Root(call.Expression),
        _ => null,
    };
}
