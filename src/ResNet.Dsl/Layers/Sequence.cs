namespace ResNet.Dsl;

/// <summary>Layers one after another, in a scope of their own if named.</summary>
/// <param name="Name">Scope of the names within; empty for none.</param>
/// <param name="Layers">The layers in order.</param>
public sealed record Sequence(string Name, EquatableArray<Layer> Layers) : Layer(Name)
{
    /// <summary>No layers: the identity.</summary>
    public static Sequence Empty { get; } = new("", default);

    internal override BuilderCall? Call => null;

    internal override long LayerCount => Layers.Sum(layer => layer.LayerCount);

    internal override IEnumerable<string> ParameterNames =>
        Layers.SelectMany(layer => layer.ParameterNames).Select(name => FullName.Join(Name, name));

    internal override bool EndsInOutput => Layers.LastOrDefault(layer => layer is not Tap)?.EndsInOutput ?? false;

    internal override Shape OutputShape(Shape input) => Layers.Aggregate(input, (shape, layer) => layer.OutputShape(shape));

    internal override Shape Unroll(Shape input, string scope, List<LayerInstance> rows) =>
        Layers.Aggregate(input, (shape, layer) => layer.Unroll(shape, FullName.Join(scope, Name), rows));

    internal override Shape CollectOutputs(Shape input, List<NetworkOutput> outputs) =>
        Layers.Aggregate(input, (shape, layer) => layer.CollectOutputs(shape, outputs));

    /// <summary>The layers that are not implied; all of them if there is no other.</summary>
    internal override string Describe(Shape input)
    {
        var told = new List<string>();
        var implied = new List<string>();
        foreach (var layer in Layers)
        {
            if (layer is not Sequence { Layers.Count: 0 }) (layer.IsImplied ? implied : told).Add(layer.Describe(input));
            input = layer.OutputShape(input);
        }
        return string.Join(" → ", told.Count > 0 ? told : implied);
    }

    internal override Layer Freeze(long count) => FreezeLayers(count);

    /// <inheritdoc cref="Freeze"/>
    internal Sequence FreezeLayers(long count)
    {
        var layers = new List<Layer>();
        foreach (var layer in Layers)
        {
            layers.Add(layer.Freeze(count));
            count -= layer.LayerCount;
        }
        return this with { Layers = new(layers) };
    }
}
