namespace ResNet.Planning.Graph;

/// <summary>A statement of the compiled program.</summary>
/// <param name="stage">Name of the part of the network that it belongs to.</param>
abstract class StepNode(string stage)
{
    public string Stage { get; } = stage;

    /// <summary>Whether it belongs to a backward pass.</summary>
    public virtual bool IsBackward => false;
}

/// <summary>One call of the runtime.</summary>
/// <param name="stage">Name of the part of the network that it belongs to.</param>
/// <param name="unit">Scope of the unit that it belongs to.</param>
abstract class CallNode(string stage, string unit) : StepNode(stage)
{
    public string Unit { get; } = unit;
}
