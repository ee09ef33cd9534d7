namespace ResNet.Dsl;

/// <summary>Convolution over square kernels. Parameters <c>weight</c> (out × in/groups × k × k) and, with a bias, <c>bias</c> (out).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="Stride">Step of the kernel in both directions.</param>
/// <param name="Padding">Zeros added on each of the four sides.</param>
/// <param name="Dilation">Distance between kernel taps.</param>
/// <param name="Groups">Number of channel groups that do not see each other.</param>
/// <param name="Bias">Whether a bias is added.</param>
/// <param name="InitialBias">The value of each bias before training.</param>
public sealed record Conv2d(
    string Name, int Channels, int Kernel, int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1, bool Bias = false, double InitialBias = 0) : Layer(Name)
{
    internal override bool HasParameters => true;

    internal override BuilderCall Call => new BuilderCall("Conv").With(Channels).With(Kernel)
        .Unless(1, Stride, "stride").Unless(0, Padding, "padding").Unless(1, Dilation, "dilation").Unless(1, Groups, "groups")
        .Unless(false, Bias, "bias").With(Name, "name").Unless(0.0, InitialBias, "initialBias");

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Channels, 1, Limits.MaxChannels, "channels");
        Limits.Check(Dilation, 1, Limits.MaxSize, "dilation");
        Limits.Check(Groups, 1, Limits.MaxChannels, "groups");
        Limits.CheckFinite(InitialBias, "initialBias");
        if (InitialBias != 0 && !Bias)
            throw new NetworkException(ErrorIds.OptionsContradict, "initialBias is the value of a bias, which this convolution has not; add bias: true or leave it out", "initialBias")
            {
                Remedies = new([new("bias", "true"), Remedy.LeaveOut("initialBias")]),
            };
        if (input.Channels % Groups != 0 || Channels % Groups != 0)
            throw new NetworkException(ErrorIds.GroupsDoNotDivide,
                $"{Groups} groups do not divide {input.Channels} input and {Channels} output channels", "groups");
        var (height, width) = new Window(Kernel, Stride, Padding, Dilation).Positions(input, Limits.MaxSize);
        var weights = Channels * Products(input);
        if (weights > Limits.MaxElements) throw Limits.TooLarge(weights, "channels", $"The weight {Channels}×{input.Channels / Groups}×{Kernel}×{Kernel}");
        var output = new Shape(Channels, height, width);
        return output.Elements <= Limits.MaxElements ? output : throw Limits.TooLarge(output.Elements, "channels", "The output " + output);
    }

    internal override IEnumerable<ParameterInfo> Parameters(string name, Shape input)
    {
        yield return ParameterInfo.Of(name, "weight", ParameterKind.Weight, Channels, input.Channels / Groups, Kernel, Kernel);
        if (Bias) yield return ParameterInfo.Of(name, "bias", ParameterKind.Bias, Channels);
    }

    internal override long MultiplyAdds(Shape input, Shape output) => output.Elements * Products(input);

    internal override string Describe(Shape input) => Words.Of($"{Kernel}×{Kernel}, {Channels}")
        + Words.Unless(1, Stride, "stride {0}") + Words.Unless(1, Dilation, "dilation {0}") + Words.Unless(1, Groups, "{0} groups")
        + (Bias ? ", bias" : "") + (InitialBias == 0 ? "" : Words.Of($" {InitialBias}"));

    /// <summary>Weights of one output channel: the products that one of its values sums.</summary>
    long Products(Shape input) => (long)(input.Channels / Groups) * Kernel * Kernel;
}
