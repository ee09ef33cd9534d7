using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>A network's forward pass, ready to be written down: fused operations, loops, and a slot for every value.</summary>
sealed class InferenceProgram
{
    InferenceProgram(IReadOnlyList<Step> steps, SlotAssignment slots)
    {
        Steps = steps;
        Slots = slots;
    }

    public IReadOnlyList<Step> Steps { get; }

    public SlotAssignment Slots { get; }

    /// <summary>Values that one image needs room for.</summary>
    public long ArenaElements => Slots.Sizes.Sum();

    /// <summary>Plans the forward pass of a network.</summary>
    public static InferenceProgram Plan(NetworkDefinition network)
    {
        // An iteration that cannot leave its result where it found its input can when it is followed by another: the two
        // slots have changed roles twice. So each repeat is unrolled at most once.
        var unrolled = new HashSet<Repeat>();
        while (true)
        {
            var steps = Lowering.Lower(network, unrolled);
            if (SlotAssignment.TryCreate(steps, out var conflicts) is { } slots) return new(steps, slots);
            foreach (var range in conflicts.Select(loop => loop.Range))
            {
                if (range.UnitsAtOnce > 1) throw new InvalidOperationException($"The loop over {range.FirstUnit} finds no slots to run in");
                unrolled.Add(range.Repeat);
            }
        }
    }
}
