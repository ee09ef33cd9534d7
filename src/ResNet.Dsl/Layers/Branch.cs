namespace ResNet.Dsl;

/// <summary>
/// A side branch: its end is an output of the network, and the chain continues from the start of the branch.
/// </summary>
/// <param name="Name">Name of the output, unique in the network, and scope of the names within.</param>
/// <param name="Body">The layers of the branch.</param>
public sealed record Branch(string Name, Sequence Body) : Layer(Name)
{
    /// <summary>All that is executed: the layers in their scope, then the output.</summary>
    public Sequence Content => new("", new([Body with { Name = Name }, new Output(Name)]));

    internal override BuilderCall? Call => null;

    internal override long LayerCount => Content.LayerCount;

    internal override IEnumerable<string> ParameterNames => Content.ParameterNames;

    internal override bool EndsInOutput => true;

    internal override Shape OutputShape(Shape input) => input;

    internal override Shape Unroll(Shape input, string scope, List<LayerInstance> rows)
    {
        Content.Unroll(input, scope, rows);
        return input;
    }

    internal override Shape CollectOutputs(Shape input, List<NetworkOutput> outputs)
    {
        Content.CollectOutputs(input, outputs);
        return input;
    }

    internal override string Describe(Shape input) => $"({(Body.Layers.Count == 0 ? "identity" : Body.Describe(input))} → {Name})";

    internal override Layer Freeze(long count) => this with { Body = Body.FreezeLayers(count) };
}
