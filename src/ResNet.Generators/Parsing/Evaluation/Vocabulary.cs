using System.Reflection;
using Microsoft.CodeAnalysis;
using ResNet.Dsl;

namespace ResNet.Generators.Parsing.Evaluation;

/// <summary>The builder's methods, as the compiler's symbols name them.</summary>
internal static class Vocabulary
{
    static readonly MethodInfo[] _methods =
        [.. typeof(NetworkBuilder).GetMethods().Where(method => method.ReturnType == typeof(NetworkBuilder))];

    /// <summary>The method of the builder that a symbol means; null for those that are not part of a declaration.</summary>
    public static MethodInfo? Find(IMethodSymbol symbol) => _methods.FirstOrDefault(method =>
        method.Name == symbol.Name
        && method.GetParameters().Select(parameter => (parameter.Name, parameter.ParameterType.Name))
            .SequenceEqual(symbol.Parameters.Select(parameter => (parameter.Name, parameter.Type.MetadataName))));
}
