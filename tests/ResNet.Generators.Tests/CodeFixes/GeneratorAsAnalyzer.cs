using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Tests.CodeFixes;

/// <summary>Reports what the generator reports: the testing library takes diagnostics from the C# compiler and from analyzers alone.</summary>
#pragma warning disable RS1036, RS1038, RS1041 // These hold for what a compiler loads. The tests create this one themselves.
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GeneratorAsAnalyzer : DiagnosticAnalyzer
#pragma warning restore RS1036, RS1038, RS1041
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.All];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        // By file: what is reported of a whole compilation has no fixes.
        context.RegisterSemanticModelAction(static analysis =>
        {
            foreach (var diagnostic in Generation.Of(analysis.SemanticModel.Compilation).Diagnostics.Where(found => found.Location.SourceTree == analysis.SemanticModel.SyntaxTree))
                analysis.ReportDiagnostic(diagnostic);
        });
    }
}
