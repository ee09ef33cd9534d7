using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Emitting;
using ResNet.Generators.Model;
using ResNet.Generators.Parsing;

namespace ResNet.Generators;

/// <summary>
/// Compiles the classes that declare a network. Parsing turns each into an equatable model; emission writes C# from the
/// model alone. Errors leave by an output of their own, so that code that merely moves is not compiled again.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    internal const string ParseStep = "Parse";
    internal const string ModelStep = "Model";
    internal const string DiagnosticsStep = "Diagnostics";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (var attribute in NetworkParser.Attributes)
        {
            var results = context.SyntaxProvider
                .ForAttributeWithMetadataName(attribute, static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax, NetworkParser.Parse)
                .WithTrackingName(ParseStep);
            var models = results
                .SelectMany(static (result, _) => result.Model is { } model ? new[] { model } : [])
                .WithTrackingName(ModelStep);
            var diagnostics = results
                .SelectMany(static (result, _) => result.Diagnostics)
                .WithTrackingName(DiagnosticsStep)
                .Combine(context.CompilationProvider);
            context.RegisterSourceOutput(models, Emit);
            context.RegisterSourceOutput(diagnostics, Report);
        }
        var misplacedBudgets = context.SyntaxProvider
            .ForAttributeWithMetadataName(BudgetParser.Attribute, static (_, _) => true, BudgetParser.CheckPlace)
            .SelectMany(static (diagnostic, _) => diagnostic is null ? [] : new[] { diagnostic })
            .WithTrackingName(DiagnosticsStep)
            .Combine(context.CompilationProvider);
        context.RegisterSourceOutput(misplacedBudgets, Report);
    }

    static void Report(SourceProductionContext output, (DiagnosticInfo Diagnostic, Compilation Compilation) found) =>
        output.ReportDiagnostic(found.Diagnostic.ToDiagnostic(found.Compilation));

    static void Emit(SourceProductionContext output, ClassModel model)
    {
        foreach (var (hintName, source) in Emitter.Emit(model))
        {
            output.CancellationToken.ThrowIfCancellationRequested();
            output.AddSource(hintName, source);
        }
    }
}
