using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Parsing.Evaluation;

namespace ResNet.Generators.Parsing;

/// <summary>Reads an <see cref="ArchitectureAttribute"/>: sets the options on the attribute itself and lets it declare the network.</summary>
internal static class ArchitectureParser
{
    /// <summary>The network, or null where the attribute is not valid C#, which the compiler says itself.</summary>
    /// <exception cref="DeclarationException">The options make no network.</exception>
    public static NetworkDefinition? Parse(Type type, AttributeData data, AttributeSyntax syntax, string name)
    {
        if (AttributeOptions.Create(type, data) is not ArchitectureAttribute architecture) return null;
        try
        {
            var net = new NetworkBuilder();
            architecture.Declare(net);
            return net.Build(name);
        }
        catch (NetworkException) when (AttributeOptions.AnyUnknown(data, syntax))
        {
            return null;
        }
        catch (NetworkException error)
        {
            throw AttributeOptions.Error(error, syntax);
        }
    }
}
