using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using ResNet.Dsl;

namespace ResNet.Generators.CodeFixes;

/// <summary>Values of remedies as syntax.</summary>
static class RemedyValue
{
    /// <summary>A literal as it stands, and a member of an enumeration with as much of its full name as its place needs.</summary>
    public static ExpressionSyntax Expression(string value) => SyntaxFactory.ParseExpression(value) is MemberAccessExpressionSyntax
        ? SyntaxFactory.ParseExpression($"global::{typeof(Remedy).Namespace}.{value}").WithAdditionalAnnotations(Simplifier.Annotation)
        : SyntaxFactory.ParseExpression(value);
}
