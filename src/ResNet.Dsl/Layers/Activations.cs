namespace ResNet.Dsl;

/// <summary>max(x, 0).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
public sealed record Relu(string Name) : Layer(Name)
{
    internal override bool IsImplied => true;

    internal override BuilderCall Call => new("Relu");

    internal override Shape OutputShape(Shape input) => input;

    internal override string Describe(Shape input) => "ReLU";
}

/// <summary>1 / (1 + exp(-x)).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
public sealed record Sigmoid(string Name) : Layer(Name)
{
    internal override BuilderCall Call => new("Sigmoid");

    internal override Shape OutputShape(Shape input) => input;

    internal override string Describe(Shape input) => "sigmoid";
}

/// <summary>Sets values to zero at random while training; the identity otherwise.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Rate">Probability of zero.</param>
public sealed record Dropout(string Name, double Rate) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => false;

    /// <inheritdoc/>
    public override bool ActsInTrainingAlone => true;

    internal override BuilderCall Call => new BuilderCall("Dropout").With(Rate);

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Rate is >= 0 and < 1, Rate, "rate", "at least 0 and below 1");
        return input;
    }

    internal override string Describe(Shape input) => Words.Of($"dropout {Rate}");
}
