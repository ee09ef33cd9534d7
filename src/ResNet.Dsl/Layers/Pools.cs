namespace ResNet.Dsl;

/// <summary>Maximum over square windows; the padding never wins.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Kernel">Height and width of the window.</param>
/// <param name="Stride">Step of the window.</param>
/// <param name="Padding">Cells added on each of the four sides; at most half the kernel.</param>
public sealed record MaxPool(string Name, int Kernel, int Stride, int Padding = 0) : Layer(Name)
{
    internal override BuilderCall Call => new BuilderCall("MaxPool").With(Kernel).With(Stride, "stride").Unless(0, Padding, "padding");

    internal override Shape OutputShape(Shape input) => new Window(Kernel, Stride, Padding).Pool(input);

    internal override string Describe(Shape input) => Words.Of($"{Kernel}×{Kernel} max pool") + Words.Unless(1, Stride, "stride {0}");
}

/// <summary>Mean over square windows; padding counts as zeros, as in PyTorch.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Kernel">Height and width of the window.</param>
/// <param name="Stride">Step of the window.</param>
/// <param name="Padding">Zeros added on each of the four sides; at most half the kernel.</param>
/// <param name="CeilMode">
/// Whether a window is added where the last one leaves rows or columns over, as by PyTorch's <c>ceil_mode</c>: it is the mean of what it
/// covers of the padded image.
/// </param>
public sealed record AveragePool(string Name, int Kernel, int Stride, int Padding = 0, bool CeilMode = false) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => false;

    internal override BuilderCall Call => new BuilderCall("AveragePool").With(Kernel).With(Stride, "stride").Unless(0, Padding, "padding").Unless(false, CeilMode, "ceilMode");

    internal override Shape OutputShape(Shape input) => new Window(Kernel, Stride, Padding, CeilMode: CeilMode).Pool(input);

    internal override string Describe(Shape input) => Words.Of($"{Kernel}×{Kernel} average pool") + Words.Unless(1, Stride, "stride {0}");
}

/// <summary>Mean of each feature map: a vector of one value per channel.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
public sealed record GlobalAveragePool(string Name) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => false;

    internal override BuilderCall Call => new("GlobalAveragePool");

    internal override Shape OutputShape(Shape input) => new(input.Channels, 1, 1);

    internal override string Describe(Shape input) => "global average pool";
}
