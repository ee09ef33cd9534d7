namespace ResNet.Dsl;

/// <summary>The identity, under a name by which its value can be asked for.</summary>
/// <param name="Name">Name of the tap, unique in the network.</param>
public sealed record Tap(string Name) : Layer(Name)
{
    internal override bool IsImplied => true;

    internal override BuilderCall Call => new BuilderCall("Tap").With(Name);

    internal override Shape OutputShape(Shape input) => input;

    internal override string Describe(Shape input) => "tap";
}

/// <summary>The identity, whose value is a result of the network: it is always computed, and a loss can be attached to it.</summary>
/// <param name="Name">Name of the output, unique in the network.</param>
public sealed record Output(string Name) : Layer(Name)
{
    internal override bool IsImplied => true;

    internal override bool EndsInOutput => true;

    internal override BuilderCall Call => new BuilderCall("Output").With(Name);

    internal override Shape OutputShape(Shape input) => input;

    internal override Shape CollectOutputs(Shape input, List<NetworkOutput> outputs)
    {
        outputs.Add(new(Name, input));
        return input;
    }

    internal override string Describe(Shape input) => "output";
}
