namespace ResNet.Dsl;

/// <summary>
/// Batch normalization. Parameters <c>weight</c> (gamma), <c>bias</c> (beta); statistics <c>running_mean</c>, <c>running_var</c>; each one per channel.
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">Weight of the newest batch in the running statistics.</param>
/// <param name="Frozen">
/// Whether training, too, normalizes by the running statistics and leaves them as they are. Gamma and beta are trained nevertheless.
/// </param>
public sealed record BatchNorm(string Name, double Epsilon = BatchNorm.DefaultEpsilon, double Momentum = BatchNorm.DefaultMomentum, bool Frozen = false) : Layer(Name)
{
    internal const double DefaultEpsilon = 1e-5;
    internal const double DefaultMomentum = 0.1;

    internal override bool HasParameters => true;

    internal override bool IsImplied => true;

    internal override BuilderCall Call => new BuilderCall("BatchNorm")
        .Unless(DefaultEpsilon, Epsilon, "eps").Unless(DefaultMomentum, Momentum, "momentum").Unless(false, Frozen, "frozen").With(Name, "name");

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Epsilon is > 0 and <= 1, Epsilon, "eps", "above 0 and at most 1");
        Limits.Check(Momentum is >= 0 and <= 1, Momentum, "momentum", "between 0 and 1");
        return input;
    }

    internal override IEnumerable<ParameterInfo> Parameters(string name, Shape input) =>
    [
        ParameterInfo.Of(name, "weight", ParameterKind.Scale, input.Channels),
        ParameterInfo.Of(name, "bias", ParameterKind.Shift, input.Channels),
        ParameterInfo.Of(name, "running_mean", ParameterKind.RunningMean, input.Channels),
        ParameterInfo.Of(name, "running_var", ParameterKind.RunningVariance, input.Channels),
    ];

    internal override string Describe(Shape input) => Frozen ? "frozen batch norm" : "batch norm";

    internal override Layer Freeze(long count) => count > 0 ? this with { Frozen = true } : this;
}
