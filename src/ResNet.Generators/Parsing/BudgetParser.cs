using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ResNet.Dsl;
using ResNet.Generators.Diagnostics;
using ResNet.Planning;

namespace ResNet.Generators.Parsing;

/// <summary>Holds a declared network to its <see cref="BudgetAttribute"/>.</summary>
internal static class BudgetParser
{
    const int LayersNamed = 3;

    /// <summary>Metadata name of the attribute.</summary>
    public static readonly string Attribute = typeof(BudgetAttribute).FullName;

    /// <summary>The limits that are no limits, and those that the network exceeds, each under its own argument.</summary>
    /// <param name="symbol">The class.</param>
    /// <param name="definition">Its network.</param>
    /// <param name="recomputes">Whether its training step computes residual units again.</param>
    /// <param name="cancellationToken">Stops the reading of syntax.</param>
    public static IEnumerable<DiagnosticInfo> Check(INamedTypeSymbol symbol, NetworkDefinition definition, bool recomputes, CancellationToken cancellationToken) =>
        from attribute in symbol.GetAttributes()
        where attribute.AttributeClass?.ToDisplayString() == Attribute
        from argument in attribute.NamedArguments
        where argument.Value is { Kind: TypedConstantKind.Primitive, Value: double }
        let location = Argument(attribute, argument.Key, cancellationToken).GetLocation()
        let diagnostic = Check(argument.Key, (double)argument.Value.Value!, definition, recomputes, location)
        where diagnostic is not null
        select diagnostic;

    /// <summary>The error of a class that has a budget and no network.</summary>
    public static DiagnosticInfo? CheckPlace(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) =>
        context.TargetSymbol.GetAttributes().Any(NetworkParser.DeclaresNetwork)
            ? null
            : new(Descriptors.BudgetWithoutNetwork, context.Attributes[0].ApplicationSyntaxReference!.GetSyntax(cancellationToken).GetLocation(), context.TargetSymbol.Name);

    static AttributeArgumentSyntax Argument(AttributeData attribute, string name, CancellationToken cancellationToken) =>
        ((AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax(cancellationToken)).ArgumentList!.Arguments
            .First(argument => argument.NameEquals?.Name.Identifier.ValueText == name);

    static DiagnosticInfo? Check(string name, double budget, NetworkDefinition definition, bool recomputes, Location location)
    {
        if (!(budget >= 1) || double.IsInfinity(budget))
            return new(Descriptors.SizeOutOfRange, location, FormattableString.Invariant($"{name} is {budget}, which is not a finite number of at least 1"));
        var (figure, text, layers) = name switch
        {
            nameof(BudgetAttribute.Parameters) => Cost("parameters", row => row.Parameters),
            nameof(BudgetAttribute.MultiplyAdds) => Cost("multiply-adds per image", row => row.MultiplyAdds),
            nameof(BudgetAttribute.Arena) => Memory(Planner.PlanInference(definition).ArenaElements, "values per image in the arena of inference"),
            nameof(BudgetAttribute.TrainingArena) => Memory(Planner.PlanTraining(definition, recomputes).ArenaElements, "values per image in the arena of training"),
            _ => throw new InvalidOperationException($"There is no measure for the budget of {name}"),
        };
        return figure <= budget ? null : new(Descriptors.OverBudget, location, definition.Name, Text(figure), text, Text(budget), layers)
        {
            Remedies = new([new(name, figure.ToString(CultureInfo.InvariantCulture))]),
        };

        (long Figure, string Text, string Layers) Cost(string text, Func<SummaryRow, long> cost)
        {
            var rows = NetworkSummary.Of(definition).Rows;
            var total = rows.Sum(cost);
            return (total, text, "its dearest layers are " + Dearest(rows.Select(row => (row.Name, cost(row))), total));
        }

        (long Figure, string Text, string Layers) Memory(long total, string text) =>
            (total, text, "its largest activations are those of " + Dearest(Activations(definition), total));
    }

    /// <summary>
    /// The input and the results of the layers that do more than change each value by itself: a normalization or a ReLU
    /// mostly stays where its input is.
    /// </summary>
    static IEnumerable<(string Name, long Elements)> Activations(NetworkDefinition definition) =>
    [
        ("the input", definition.Input.Elements),
        .. from layer in definition.Layers()
           where layer.MultiplyAdds > 0 || layer.Output.Elements != layer.Input.Elements
           select (layer.Name, layer.Output.Elements),
    ];

    static string Dearest(IEnumerable<(string Name, long Cost)> layers, long total) => string.Join(", ",
        from layer in layers.OrderByDescending(layer => layer.Cost).Take(LayersNamed)
        where layer.Cost > 0
        select $"{layer.Name} ({Text(layer.Cost)}, {Math.Round(100.0 * layer.Cost / total).ToString(CultureInfo.InvariantCulture)} %)");

    static string Text(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);
}
