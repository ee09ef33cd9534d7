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

/// <summary>Turns an attributed class into a <see cref="ClassModel"/>. The last place that knows the compiler's types.</summary>
internal static class NetworkParser
{
    static readonly Type[] _attributeTypes = [typeof(NetworkAttribute), .. Derived(typeof(ArchitectureAttribute)), .. Derived(typeof(DetectionAttribute))];

    /// <summary>Metadata names of the attributes that declare a network or a detector.</summary>
    public static IEnumerable<string> Attributes => _attributeTypes.Select(type => type.FullName);

    /// <summary>Parses the class under one of the <see cref="Attributes"/>.</summary>
    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var declaration = (TypeDeclarationSyntax)context.TargetNode;
        var symbol = (INamedTypeSymbol)context.TargetSymbol;
        var attributes = symbol.GetAttributes().Where(attribute => TypeOf(attribute) is not null).ToArray();
        // A class with several attributes comes here once for each, and once for each of its parts that has one: the first one speaks for all.
        if (attributes[0].ApplicationSyntaxReference is not { } first || first.Span != context.Attributes[0].ApplicationSyntaxReference?.Span
            || first.SyntaxTree != declaration.SyntaxTree || !declaration.AttributeLists.Span.Contains(first.Span))
            return new(null, default);

        var isDetector = TypeOf(attributes[0])!.IsSubclassOf(typeof(DetectionAttribute));
        var diagnostics = ClassForm.Check(symbol, declaration, context.SemanticModel.Compilation,
            isDetector ? RuntimeNames.Detector : RuntimeNames.Network, isDetector ? GeneratedMembers.OfDetector : GeneratedMembers.OfNetwork).ToList();
        diagnostics.AddRange(attributes.Skip(1)
            .Where(attribute => TypeOf(attribute) != TypeOf(attributes[0]))
            .Select(attribute => new DiagnosticInfo(Descriptors.SeveralAttributes, Syntax(attribute, cancellationToken).GetLocation(),
                symbol.Name, Syntax(attributes[0], cancellationToken).Name.ToString())));
        ClassModel? model = null;
        try
        {
            model = Declare(symbol, declaration, attributes[0], context.SemanticModel.Compilation, cancellationToken);
        }
        catch (DeclarationException error)
        {
            diagnostics.Add(error.Diagnostic);
        }
        var result = diagnostics.Count > 0 ? null : model;
        // A network above its budget is compiled all the same, so that the rest of the program has no further errors.
        if (model is NetworkModel network) diagnostics.AddRange(BudgetParser.Check(symbol, network.Definition, network.Recomputes, cancellationToken));
        return new(result, new(diagnostics));
    }

    /// <summary>Whether an attribute declares a network, and no detector.</summary>
    public static bool DeclaresNetwork(AttributeData attribute) => TypeOf(attribute) is { } type && !type.IsSubclassOf(typeof(DetectionAttribute));

    static IEnumerable<Type> Derived(Type attribute) => attribute.Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(attribute) && !type.IsAbstract)
        .OrderBy(type => type.FullName, StringComparer.Ordinal);

    static Type? TypeOf(AttributeData attribute) =>
        attribute.AttributeClass is { } type ? _attributeTypes.FirstOrDefault(known => known.FullName == type.ToDisplayString()) : null;

    static AttributeSyntax Syntax(AttributeData attribute, CancellationToken cancellationToken) =>
        (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax(cancellationToken);

    static ClassModel? Declare(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        var (type, place) = (TypeOf(attribute)!, Place(symbol, declaration));
        if (type.IsSubclassOf(typeof(DetectionAttribute)))
        {
            return DetectorParser.Parse(type, attribute, Syntax(attribute, cancellationToken), symbol, declaration, compilation, cancellationToken) is { } detector
                ? new DetectorModel(place, detector)
                : null;
        }
        var network = type == typeof(NetworkAttribute)
            ? DefineParser.Parse(symbol, declaration, attribute.AttributeClass!.ContainingAssembly, compilation, cancellationToken)
            : ArchitectureParser.Parse(type, attribute, Syntax(attribute, cancellationToken), symbol.Name);
        return network is null ? null : new NetworkModel(place, network) { Recomputes = Recomputes(attribute) };
    }

    static ClassPlace Place(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration) => new(
        symbol.ContainingNamespace.IsGlobalNamespace ? null : symbol.ContainingNamespace.ToDisplayString(_namespaceFormat),
        new(declaration.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(Container)),
        declaration.Identifier.Text)
    {
        DeclaresConstructor = symbol.InstanceConstructors.Any(TakesDevice),
        NamespaceHasBraces = ((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion < LanguageVersion.CSharp10,
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
