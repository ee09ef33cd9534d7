using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;
using ResNet.Generators.Emitting;
using ResNet.Generators.Model;
using ResNet.Generators.Names;
using ResNet.Generators.Parsing.Evaluation;

namespace ResNet.Generators.Parsing;

/// <summary>Turns an attributed class into a <see cref="NetworkModel"/>. The last place that knows the compiler's types.</summary>
internal static class NetworkParser
{
    static readonly Type[] _attributeTypes =
    [
        typeof(NetworkAttribute),
        .. typeof(ArchitectureAttribute).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ArchitectureAttribute)) && !type.IsAbstract)
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Metadata names of the attributes that declare a network.</summary>
    public static IEnumerable<string> Attributes => _attributeTypes.Select(type => type.FullName);

    /// <summary>Parses the class under one of the <see cref="Attributes"/>.</summary>
    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var declaration = (TypeDeclarationSyntax)context.TargetNode;
        var symbol = (INamedTypeSymbol)context.TargetSymbol;
        var attributes = symbol.GetAttributes().Where(DeclaresNetwork).ToArray();
        // A class with several attributes comes here once for each: the first one speaks for all.
        if (attributes[0].ApplicationSyntaxReference?.Span != context.Attributes[0].ApplicationSyntaxReference?.Span
            || attributes[0].ApplicationSyntaxReference?.SyntaxTree != declaration.SyntaxTree)
            return new(null, default);

        var diagnostics = ClassForm.Check(symbol, declaration, context.SemanticModel.Compilation).ToList();
        diagnostics.AddRange(attributes.Skip(1)
            .Where(attribute => TypeOf(attribute) != TypeOf(attributes[0]))
            .Select(attribute => new DiagnosticInfo(Descriptors.SeveralAttributes, Syntax(attribute, cancellationToken).GetLocation(),
                symbol.Name, Syntax(attributes[0], cancellationToken).Name.ToString())));
        NetworkDefinition? definition = null;
        try
        {
            definition = Declare(symbol, declaration, attributes[0], context.SemanticModel.Compilation, cancellationToken);
        }
        catch (DeclarationException error)
        {
            diagnostics.Add(error.Diagnostic);
        }
        var model = definition is null || diagnostics.Count > 0 ? null : Model(symbol, declaration, definition, attributes[0]);
        // What is too dear is compiled all the same, so that the rest of the program has no further errors.
        if (definition is not null) diagnostics.AddRange(BudgetParser.Check(symbol, definition, Recomputes(attributes[0]), cancellationToken));
        return new(model, new(diagnostics));
    }

    /// <summary>Whether an attribute is one of the <see cref="Attributes"/>.</summary>
    public static bool DeclaresNetwork(AttributeData attribute) => TypeOf(attribute) is not null;

    static Type? TypeOf(AttributeData attribute) =>
        attribute.AttributeClass is { } type ? _attributeTypes.FirstOrDefault(known => known.FullName == type.ToDisplayString()) : null;

    static AttributeSyntax Syntax(AttributeData attribute, CancellationToken cancellationToken) =>
        (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax(cancellationToken);

    static NetworkDefinition? Declare(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken) =>
        TypeOf(attribute) is { } type && type != typeof(NetworkAttribute)
            ? ArchitectureParser.Parse(type, attribute, Syntax(attribute, cancellationToken), symbol.Name)
            : DefineParser.Parse(symbol, declaration, attribute.AttributeClass!.ContainingAssembly, compilation, cancellationToken);

    static NetworkModel Model(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, NetworkDefinition definition, AttributeData attribute) => new(
        symbol.ContainingNamespace.IsGlobalNamespace ? null : symbol.ContainingNamespace.ToDisplayString(_namespaceFormat),
        new(declaration.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(Container)),
        declaration.Identifier.Text,
        definition)
    {
        DeclaresConstructor = symbol.InstanceConstructors.Any(TakesDevice),
        Recomputes = Recomputes(attribute),
        CaseSuffix = CaseSuffix(symbol),
    };

    static bool Recomputes(AttributeData attribute) =>
        attribute.NamedArguments.Any(option => option is { Key: nameof(NetworkAttribute.Recompute), Value.Value: true });

    static bool TakesDevice(IMethodSymbol constructor) =>
        constructor.Parameters.Length == 1 && constructor.Parameters[0] is { RefKind: RefKind.None, Type: var type }
        && type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == RuntimeNames.Device;

    /// <summary>The rank of each part of the full name among its siblings that are spelled with other capitals.</summary>
    static string CaseSuffix(INamedTypeSymbol symbol)
    {
        var ranks = new List<int>();
        for (INamespaceOrTypeSymbol part = symbol; part.ContainingSymbol is INamespaceOrTypeSymbol parent; part = parent)
        {
            var name = part.Name;
            ranks.Insert(0, parent.GetMembers()
                .Where(member => member is INamespaceOrTypeSymbol && string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase) && string.CompareOrdinal(member.Name, name) < 0)
                .Select(member => member.Name).Distinct().Count());
        }
        return ranks.Any(rank => rank > 0) ? "-" + string.Join("-", ranks) : "";
    }

    static readonly SymbolDisplayFormat _namespaceFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    static ContainingType Container(TypeDeclarationSyntax type) => new(
        type is RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: (int)SyntaxKind.StructKeyword }
            ? "partial record struct"
            : "partial " + type.Keyword.Text,
        type.Identifier.Text);
}
