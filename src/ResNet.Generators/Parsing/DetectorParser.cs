using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Parsing.Evaluation;

namespace ResNet.Generators.Parsing;

/// <summary>Reads a <see cref="DetectionAttribute"/> and, of a <c>[Detector]</c>, the methods that declare its networks.</summary>
internal static class DetectorParser
{
    const string FeaturesMethod = "Features", RegionsMethod = "Regions";

    /// <summary>The detector, or null where the declaration is not valid C#, which the compiler says itself.</summary>
    /// <exception cref="DeclarationException">The declaration is wrong.</exception>
    public static DetectorDefinition? Parse(
        Type type, AttributeData data, AttributeSyntax syntax, INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, Compilation compilation, CancellationToken cancellationToken)
    {
        IMethodSymbol? declaring = null;
        try
        {
            return AttributeOptions.Create(type, data) switch
            {
                FasterRcnnAttribute known => known.Define(symbol.Name),
                DetectorAttribute own => Compose(own),
                _ => null,
            };
        }
        catch (InvalidSourceException)
        {
            return null;
        }
        catch (NetworkException) when (AttributeOptions.AnyUnknown(data, syntax))
        {
            return null;
        }
        catch (NetworkException error) when (declaring is not null && !IsOption(error.Argument))
        {
            // An error that no option names belongs to the network that was declared last.
            throw new DeclarationException(new(error, declaring.Locations[0]));
        }
        catch (NetworkException error)
        {
            throw AttributeOptions.Error(error, syntax);
        }

        DetectorDefinition? Compose(DetectorAttribute attribute)
        {
            if (data.AttributeClass!.ContainingAssembly.GetTypeByMetadataName(typeof(NetworkBuilder).FullName) is not { } builder) return null;
            var features = DefineParser.Find(FeaturesMethod, symbol, declaration, builder);
            var regions = DefineParser.Find(RegionsMethod, symbol, declaration, builder);
            return attribute.Compose(symbol.Name, net => Run(features, net), roi => Run(regions, roi));

            void Run(IMethodSymbol method, NetworkBuilder net)
            {
                declaring = method;
                new Interpreter(compilation, builder, cancellationToken).Run(method, net);
            }
        }

        bool IsOption(string? argument) => argument is not null && type.GetProperty(argument) is not null;
    }
}
