using ResNet.Dsl;
using ResNet.Generators.Diagnostics;

namespace ResNet.Generators.Model;

/// <summary>What parsing makes of one attributed class.</summary>
/// <param name="Model">The network or detector, or null where the declaration is wrong.</param>
/// <param name="Diagnostics">What is wrong with it, or too dear.</param>
internal sealed record ParseResult(ClassModel? Model, EquatableArray<DiagnosticInfo> Diagnostics);
