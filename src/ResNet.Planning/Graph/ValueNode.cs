using ResNet.Dsl;

namespace ResNet.Planning.Graph;

/// <summary>An activation, or the gradient of one, between two operations.</summary>
sealed class ValueNode(Shape shape, StepNode? producer = null)
{
    public Shape Shape { get; } = shape;

    /// <summary>The operation that computes it; null for the input of a loop's iteration.</summary>
    public StepNode? Producer { get; set; } = producer;

    /// <summary>Whether more than what comes next reads it, so that it has to exist as it is.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether a backward pass reads it as the forward pass has left it, so that it keeps a slot to itself, in a loop one for each iteration.</summary>
    public bool IsSaved { get; set; }

    /// <summary>Number of shortcuts that will still begin here. A loop must not overwrite it meanwhile.</summary>
    public int Holds { get; set; }
}
