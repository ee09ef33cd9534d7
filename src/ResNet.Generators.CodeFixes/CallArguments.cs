using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;
using ResNet.Dsl;

namespace ResNet.Generators.CodeFixes;

/// <summary>Changes the arguments of a call.</summary>
static class CallArguments
{
    /// <summary>The change of one argument; null if the method has no such parameter, or there is no argument to leave out.</summary>
    public static Action<SyntaxEditor>? Change(InvocationExpressionSyntax call, Remedy remedy, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetOperation(call, cancellationToken) is not IInvocationOperation operation) return null;
        if (operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == remedy.Argument) is not { Parameter: { } parameter } argument) return null;
        var given = argument.ArgumentKind == ArgumentKind.Explicit ? argument.Syntax as ArgumentSyntax : null;
        return (given, remedy.Value) switch
        {
            (null, null) => null,
            (null, _) => editor => editor.ReplaceNode(call, (current, _) => ((InvocationExpressionSyntax)current).AddArgumentListArguments(Argument(call, parameter, remedy.Value))),
            (_, null) => editor => editor.RemoveNode(given),
            _ => editor => editor.ReplaceNode(given.Expression, RemedyValue.Expression(remedy.Value).WithTriviaFrom(given.Expression)),
        };
    }

    /// <summary>A further argument, without its name if it is the next one and explains itself.</summary>
    static ArgumentSyntax Argument(InvocationExpressionSyntax call, IParameterSymbol parameter, string value)
    {
        var argument = SyntaxFactory.Argument(RemedyValue.Expression(value));
        var isNext = call.ArgumentList.Arguments.Count == parameter.Ordinal && call.ArgumentList.Arguments.All(given => given.NameColon is null);
        return isNext && argument.Expression is not LiteralExpressionSyntax ? argument : argument.WithNameColon(SyntaxFactory.NameColon(parameter.Name));
    }
}
