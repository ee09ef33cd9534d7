using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Parsing.Evaluation;

namespace ResNet.Generators.Parsing;

/// <summary>Reads methods that declare with a builder: <c>static void Define(NetworkBuilder net)</c> of a <c>[Network]</c> class, and others like it.</summary>
internal static class DefineParser
{
    const string MethodName = "Define";

    /// <summary>The network, or null where the method is not valid C#, which the compiler says itself.</summary>
    /// <param name="symbol">The class.</param>
    /// <param name="declaration">Its part that carries the attribute.</param>
    /// <param name="dsl">The assembly of the attribute, and so of the builder.</param>
    /// <param name="compilation">The compilation of the class.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DeclarationException">The declaration is wrong.</exception>
    public static NetworkDefinition? Parse(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, IAssemblySymbol dsl, Compilation compilation, CancellationToken cancellationToken)
    {
        if (dsl.GetTypeByMetadataName(typeof(NetworkBuilder).FullName) is not { } builder) return null;
        var define = Find(MethodName, symbol, declaration, builder);
        var net = new NetworkBuilder();
        try
        {
            new Interpreter(compilation, builder, cancellationToken).Run(define, net);
            return net.Build(symbol.Name);
        }
        catch (InvalidSourceException)
        {
            return null;
        }
        catch (NetworkException error)
        {
            throw new DeclarationException(new(error, define.Locations[0]));
        }
    }

    /// <summary>Finds a method that takes a builder.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="symbol">The class.</param>
    /// <param name="declaration">Its part that carries the attribute.</param>
    /// <param name="builder">The builder's type.</param>
    /// <exception cref="DeclarationException">There is none, or it has another form.</exception>
    public static IMethodSymbol Find(string name, INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, INamedTypeSymbol builder)
    {
        var named = symbol.GetMembers(name).OfType<IMethodSymbol>().ToArray();
        var define = named.FirstOrDefault(method => TakesBuilder(method, builder)) ?? named.FirstOrDefault();
        if (define is null)
            throw new DeclarationException(new(Descriptors.NoDefine, declaration.Identifier.GetLocation(), symbol.Name, $"has no method {name}", name));
        if (Wrong(define, builder) is { } wrong)
            throw new DeclarationException(new(Descriptors.NoDefine, define.Locations[0], name, wrong, name));
        return define.PartialImplementationPart ?? define;
    }

    static bool TakesBuilder(IMethodSymbol method, INamedTypeSymbol builder) =>
        method.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, builder);

    static string? Wrong(IMethodSymbol method, INamedTypeSymbol builder) => method switch
    {
        { IsStatic: false } => "is not static",
        { IsGenericMethod: true } => "is generic",
        { IsAsync: true } => "is async",
        { ReturnsVoid: false } => "returns a value",
        _ when !TakesBuilder(method, builder) => "does not take a NetworkBuilder alone",
        _ when method.Parameters[0].RefKind != RefKind.None => "takes its builder by reference",
        { IsExtern: true } or { IsPartialDefinition: true, PartialImplementationPart: null } => "has no body",
        _ => null,
    };
}
