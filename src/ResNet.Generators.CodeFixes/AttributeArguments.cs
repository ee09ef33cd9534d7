using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ResNet.Dsl;

namespace ResNet.Generators.CodeFixes;

/// <summary>Changes the options of an attribute.</summary>
static class AttributeArguments
{
    /// <summary>The change of one option; null if there is none to leave out.</summary>
    public static Action<SyntaxEditor>? Change(AttributeSyntax attribute, Remedy remedy)
    {
        var given = attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == remedy.Argument);
        return (given, remedy.Value) switch
        {
            (null, null) => null,
            (null, _) => editor => editor.ReplaceNode(attribute, (current, _) => ((AttributeSyntax)current).AddArgumentListArguments(
                SyntaxFactory.AttributeArgument(SyntaxFactory.NameEquals(remedy.Argument), null, RemedyValue.Expression(remedy.Value)))),
            (_, null) => editor => editor.RemoveNode(given),
            _ => editor => editor.ReplaceNode(given.Expression, RemedyValue.Expression(remedy.Value).WithTriviaFrom(given.Expression)),
        };
    }
}
