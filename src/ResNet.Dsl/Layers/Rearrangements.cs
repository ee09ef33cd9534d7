namespace ResNet.Dsl;

/// <summary>
/// The parameter-free shortcut (option A, He et al. 2015, section 3.3): every <paramref name="Stride"/>-th row and column,
/// with zero feature maps added on both sides up to <paramref name="Channels"/>; of an odd number, the last side gets one more.
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Stride">Step between the rows and columns kept.</param>
public sealed record ZeroPad(string Name, int Channels, int Stride) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => false;

    // Only Residual(…, Shortcut.ZeroPad) declares it.
    internal override BuilderCall? Call => null;

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Channels, input.Channels, Limits.MaxChannels, "channels");
        Limits.Check(Stride, 1, Limits.MaxSize, "stride");
        var output = new Shape(Channels, (input.Height - 1) / Stride + 1, (input.Width - 1) / Stride + 1);
        return output.Elements <= Limits.MaxElements ? output : throw Limits.TooLarge(output.Elements, "channels", "The output " + output);
    }

    internal override string Describe(Shape input) => Words.Of($"zero padding to {Channels}") + Words.Unless(1, Stride, "stride {0}");
}

/// <summary>
/// Feature maps as one vector: map after map, each row after row, as PyTorch's <c>flatten</c> does.
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
public sealed record Flatten(string Name) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => false;

    internal override BuilderCall Call => new("Flatten");

    internal override Shape OutputShape(Shape input)
    {
        if (input.Elements > Limits.MaxChannels)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"Flatten would make a vector of {input.Elements} values of {input}, more than {Limits.MaxChannels}; pool the feature maps first");
        return new((int)input.Elements, 1, 1);
    }

    internal override string Describe(Shape input) => $"flatten {input}";
}
