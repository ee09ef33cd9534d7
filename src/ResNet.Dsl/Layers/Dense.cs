namespace ResNet.Dsl;

/// <summary>Fully connected layer over a vector. Parameters <c>weight</c> (units × in) and, with a bias, <c>bias</c> (units).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Units">Length of the output vector.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record Dense(string Name, int Units, bool Bias = true) : Layer(Name)
{
    internal override bool HasParameters => true;

    internal override BuilderCall Call => new BuilderCall("Dense").With(Units).Unless(true, Bias, "bias").With(Name, "name");

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Units, 1, Limits.MaxChannels, "units");
        if (!input.IsVector)
            throw new NetworkException(ErrorIds.DenseOnFeatureMaps,
                $"Dense would flatten {input} feature maps into {input.Elements} values; pool them first, for instance with GlobalAveragePool(), or say so with Flatten()");
        var weights = (long)Units * input.Channels;
        return weights <= Limits.MaxElements ? new(Units, 1, 1) : throw Limits.TooLarge(weights, "units", $"The weight {Units}×{input.Channels}");
    }

    internal override IEnumerable<ParameterInfo> Parameters(string name, Shape input)
    {
        yield return ParameterInfo.Of(name, "weight", ParameterKind.Weight, Units, input.Channels);
        if (Bias) yield return ParameterInfo.Of(name, "bias", ParameterKind.Bias, Units);
    }

    internal override long MultiplyAdds(Shape input, Shape output) => output.Elements * input.Channels;

    internal override string Describe(Shape input) => Words.Of($"{Units}-d fc") + (Bias ? "" : ", no bias");
}
