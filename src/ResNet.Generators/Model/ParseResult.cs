using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Model;

/// <summary>The result of parsing one attributed class.</summary>
/// <param name="Model">The network or detector, or null where the declaration is wrong.</param>
/// <param name="Diagnostics">Its errors and exceeded budgets.</param>
internal sealed record ParseResult(ClassModel? Model, EquatableArray<DiagnosticInfo> Diagnostics);
