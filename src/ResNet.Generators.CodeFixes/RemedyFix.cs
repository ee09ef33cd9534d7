using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.CodeFixes;

/// <summary>Gives an argument of a call or an option of an attribute the value that the error names, or leaves it out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemedyFix() : NetworkCodeFix(
    ErrorIds.UnknownDepth, ErrorIds.KernelTooLarge, ErrorIds.ShrinksBelowOne, ErrorIds.BranchesDiffer, ErrorIds.OptionsContradict, ErrorIds.NoFeatureMaps, Descriptors.OverBudget.Id)
{
    private protected override IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken)
    {
        var attribute = place.Node.FirstAncestorOrSelf<AttributeSyntax>();
        return from remedy in RemedyProperties.Read(place.Diagnostic)
               let edit = attribute is not null ? AttributeArguments.Change(attribute, remedy)
                   : place.Call is { } call ? CallArguments.Change(call, remedy, place.Model, cancellationToken)
                   : null
               where edit is not null
               select new Edit(Title(remedy), edit);
    }

    static string Title(Remedy remedy) => remedy.Value switch
    {
        null => $"Leave out '{remedy.Argument}'",
        var value when value.Contains('.') => $"Use {value}",
        var value => $"Set '{remedy.Argument}' to {value}",
    };
}
