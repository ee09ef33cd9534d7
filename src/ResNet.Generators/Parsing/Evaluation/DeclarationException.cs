using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Parsing.Evaluation;

/// <summary>Ends the reading of a declaration at its first error. It passes through the builder, whose lambdas are read too.</summary>
internal sealed class DeclarationException(DiagnosticInfo diagnostic) : Exception(diagnostic.Descriptor.Id)
{
    public DiagnosticInfo Diagnostic { get; } = diagnostic;
}
