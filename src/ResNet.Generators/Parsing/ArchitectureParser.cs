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
        var architecture = (ArchitectureAttribute)Activator.CreateInstance(type);
        foreach (var option in data.NamedArguments)
        {
            if (option.Value.Kind == TypedConstantKind.Error) return null;
            var property = type.GetProperty(option.Key);
            var target = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.SetValue(architecture, target.IsEnum ? Enum.ToObject(target, option.Value.Value!) : option.Value.Value);
        }
        try
        {
            var net = new NetworkBuilder();
            architecture.Declare(net);
            return net.Build(name);
        }
        catch (NetworkException error)
        {
            var option = syntax.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == error.Argument);
            throw new DeclarationException(new(Descriptors.Of(error.Id), ((SyntaxNode?)option ?? syntax).GetLocation(), error.Message));
        }
    }
}
