using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>A network's training step, ready to be written down: forward, loss, backward, and a slot for every value.</summary>
sealed class TrainingProgram
{
    TrainingProgram(IReadOnlyList<Step> forward, IReadOnlyList<Step> backward, SlotAssignment shared)
    {
        Steps = [.. forward, .. backward];
        Shared = shared;
        Saved = new(forward);
    }

    public IReadOnlyList<Step> Steps { get; }

    /// <summary>Slots of the gradients, and of the values that backward operations do not read or read computed again.</summary>
    public SlotAssignment Shared { get; }

    /// <summary>Slots of the values that are kept for backward operations; they follow the shared ones.</summary>
    public SavedSlots Saved { get; }

    /// <summary>Values that one image needs room for.</summary>
    public long ArenaElements => Shared.Sizes.Sum() + Saved.Elements;

    /// <summary>Plans the training step of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="recomputes">Whether the backward pass computes residual units again rather than have their values saved.</param>
    /// <returns>The program; null if the network yields feature maps, of which there is no loss.</returns>
    public static TrainingProgram? Plan(NetworkDefinition network, bool recomputes)
    {
        if (!network.Output.IsVector) return null;
        var forward = TrainingLowering.Lower(network, recomputes, out var logits);
        var loss = new Operation(Stages.Head, OperationKind.Loss, null, logits, "");
        loss.Result = new(logits.Shape, loss);
        forward.Add(loss);

        // A gradient that an iteration cannot leave where it found it is copied back: of a convolution with nothing else.
        var copying = new HashSet<Loop>();
        while (true)
        {
            var backward = Differentiation.Reverse(forward, copying);
            if (SlotAssignment.TryCreate([.. forward, .. backward], out var conflicts) is { } slots) return new(forward, backward, slots);
            foreach (var loop in conflicts)
                if (!copying.Add(loop.Reverses!)) throw new InvalidOperationException($"The loop back over {loop.Range.FirstUnit} finds no slots to run in");
        }
    }
}
