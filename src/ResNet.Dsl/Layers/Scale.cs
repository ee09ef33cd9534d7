namespace ResNet.Dsl;

/// <summary>A factor and a summand that hold for every value.</summary>
/// <param name="Factor">The factor of each value.</param>
/// <param name="Shift">The number that is added to the product.</param>
public readonly record struct ScaleConstants(double Factor, double Shift);

/// <summary>
/// <c>factor·x + shift</c>: a factor and a shift per channel that are learned, or two constants. Parameters, if learned: <c>weight</c>
/// (the factors) and <c>bias</c> (the shifts).
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Constants">Factor and shift; null if they are learned.</param>
public sealed record Scale(string Name, ScaleConstants? Constants = null) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => Constants is null;

    internal override bool HasParameters => Constants is null;

    internal override BuilderCall Call => Constants is { } given
        ? new BuilderCall("Scale").With(given.Factor, "factor").Unless(0.0, given.Shift, "shift")
        : new BuilderCall("Scale").With(Name, "name");

    internal override Shape OutputShape(Shape input)
    {
        if (Constants is { } given)
        {
            Limits.CheckFinite(given.Factor, "factor");
            Limits.CheckFinite(given.Shift, "shift");
        }
        return input;
    }

    internal override IEnumerable<ParameterInfo> Parameters(string name, Shape input) => HasParameters
        ?
        [
            ParameterInfo.Of(name, "weight", ParameterKind.Scale, input.Channels),
            ParameterInfo.Of(name, "bias", ParameterKind.Shift, input.Channels),
        ]
        : [];

    internal override string Describe(Shape input) => Constants switch
    {
        null => "scale and shift",
        { Shift: 0 } given => Words.Of($"scale {given.Factor}"),
        { } given => Words.Of($"scale {given.Factor}, shift {given.Shift}"),
    };
}
