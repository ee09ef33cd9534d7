using ResNet.Dsl;
using ResNet.Planning.Graph;
using ResNet.Planning.Programs;
using ResNet.Planning.Slots;

namespace ResNet.Planning;

/// <summary>Turns the planned graph, whose values have slots now, into the steps of a program.</summary>
/// <param name="shared">Slots of the values that live for a while.</param>
/// <param name="saved">Slots of the values that are kept for backward operations; null for inference.</param>
sealed class ProgramAssembler(SlotAssignment shared, SavedSlots? saved)
{
    /// <summary>Makes the steps of a program.</summary>
    public EquatableArray<ProgramStep> Assemble(IEnumerable<StepNode> steps) => new(steps.Select(Assemble));

    ProgramStep Assemble(StepNode step) => step switch
    {
        OperationNode operation => new ForwardCall(
            operation.Stage, operation.IsBackward, operation.Unit, operation.Kind, operation.Site,
            operation.Output, Optional(operation.From), Optional(operation.Factor), Optional(operation.Result), Assemble(operation.Epilogue)),
        BackwardNode backward => new BackwardCall(
            backward.Stage, backward.Unit, backward.Kind, backward.Site,
            Optional(backward.Input), Optional(backward.Rectified), Place(backward.Gradient), Optional(backward.To), backward.Accumulate),
        LoopNode loop => Assemble(loop),
        _ => throw new NotSupportedException($"There is no step for {step}"),
    };

    ProgramLoop Assemble(LoopNode loop)
    {
        var (start, stride) = saved is null ? (0, 0) : saved.Of(loop);
        var first = saved is null ? 0 : shared.Sizes.Count + start;
        return new(loop.Stage, loop.IsBackward, loop.Range, first, stride, loop.Carried[0].Final.Shape, Assemble(loop.Body));
    }

    ProgramEpilogue Assemble(EpilogueNode then) => then == EpilogueNode.None ? ProgramEpilogue.None : new()
    {
        InnerNorm = then.InnerNorm,
        InnerRelu = then.InnerRelu,
        Addend = Optional(then.Addend),
        PadsAddend = then.PadsAddend,
        Stored = Optional(then.Stored),
        OuterNorm = then.OuterNorm,
        OuterRelu = then.OuterRelu,
    };

    Operand? Optional(ValueNode? value) => value is null ? null : Place(value);

    Operand Place(ValueNode value) => new(value.IsSaved ? shared.Sizes.Count + saved![value] : shared[value], value.Shape);
}
