using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResNet.Generators.CodeFixes;

/// <summary>A diagnostic and its place in a document.</summary>
/// <param name="Diagnostic">The diagnostic.</param>
/// <param name="Node">The node that it marks.</param>
/// <param name="Model">The semantic model of the document.</param>
sealed record Place(Diagnostic Diagnostic, SyntaxNode Node, SemanticModel Model)
{
    /// <summary>The call whose name or argument is marked, if one is.</summary>
    public InvocationExpressionSyntax? Call => Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();
}
