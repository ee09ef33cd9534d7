using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Graph;

/// <summary>Steps that are executed several times, for the layers of one iteration after another.</summary>
sealed class LoopNode(string stage, Repeat repeat, IterationRange range, List<StepNode> body) : StepNode(stage)
{
    /// <summary>The layer from which it was made.</summary>
    public Repeat Repeat { get; } = repeat;

    public IterationRange Range { get; } = range;

    public List<StepNode> Body { get; } = body;

    /// <summary>The values that an iteration hands to the next.</summary>
    public List<CarriedNode> Carried { get; } = [];

    /// <summary>The loop of the forward pass that this one goes back through, in a backward pass.</summary>
    public LoopNode? Reverses { get; init; }

    public override bool IsBackward => Reverses is not null;
}

/// <summary>
/// A value that a loop's iterations hand on. All four share one slot; unless they are saved, when each iteration has its own.
/// </summary>
/// <param name="Initial">The value before the loop.</param>
/// <param name="Parameter">The value as an iteration finds it.</param>
/// <param name="Next">The value as an iteration leaves it.</param>
/// <param name="Final">The value after the loop.</param>
sealed record CarriedNode(ValueNode Initial, ValueNode Parameter, ValueNode Next, ValueNode Final);
