using ResNet.Dsl;
using ResNet.Planning.Differentiation;
using ResNet.Planning.Graph;
using ResNet.Planning.Lowering;
using ResNet.Planning.Programs;
using ResNet.Planning.Slots;

namespace ResNet.Planning;

/// <summary>Plans how a network is computed. The generator prints the programs, the runtime plays them.</summary>
static class Planner
{
    /// <summary>Plans the forward pass of a network.</summary>
    public static InferenceProgram PlanInference(NetworkDefinition network)
    {
        // An iteration that cannot leave its result where it found its input can when it is followed by another: the two
        // slots have changed roles twice. So each repeat is unrolled at most once.
        var unrolled = new HashSet<Repeat>();
        while (true)
        {
            var steps = InferenceLowering.Lower(network, unrolled);
            if (SlotAssignment.TryCreate(steps, out var conflicts) is { } slots)
                return new(new ProgramAssembler(slots, null).Assemble(steps), new(slots.Sizes));
            foreach (var loop in conflicts)
            {
                if (loop.Range.UnitsAtOnce > 1) throw new InvalidOperationException($"The loop over {loop.Range.FirstUnit} finds no slots to run in");
                unrolled.Add(loop.Repeat);
            }
        }
    }

    /// <summary>Plans the training step of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="recomputes">Whether the backward pass computes residual units again rather than have their values saved.</param>
    public static TrainingProgram PlanTraining(NetworkDefinition network, bool recomputes)
    {
        var forward = TrainingLowering.Lower(network, recomputes);

        // A gradient that an iteration cannot leave where it found it is copied back: of a convolution with nothing else.
        var copying = new HashSet<LoopNode>();
        while (true)
        {
            var backward = Differentiator.Reverse(forward, copying, network.BeginsWithOutput);
            List<StepNode> steps = [.. forward, .. backward];
            if (SlotAssignment.TryCreate(steps, out var conflicts) is { } shared)
            {
                var saved = new SavedSlots(forward);
                return new(new ProgramAssembler(shared, saved).Assemble(steps), new(shared.Sizes), saved.Count, saved.Elements);
            }
            foreach (var loop in conflicts)
                if (!copying.Add(loop.Reverses!)) throw new InvalidOperationException($"The loop back over {loop.Range.FirstUnit} finds no slots to run in");
        }
    }
}
