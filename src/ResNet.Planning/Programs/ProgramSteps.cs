using ResNet.Dsl;

namespace ResNet.Planning.Programs;

/// <summary>A value that a call reads or writes.</summary>
/// <param name="Slot">
/// The slot that holds it. In training programs, slots from the number of shared ones on are saved: within loops, such a slot is
/// given as the first iteration of all of them has it, and moves on by <see cref="ProgramLoop.SlotStride"/>.
/// </param>
/// <param name="Shape">Its shape per image.</param>
readonly record struct Operand(int Slot, Shape Shape);

/// <summary>A statement of a program.</summary>
/// <param name="Stage">Name of the part of the network that it belongs to.</param>
/// <param name="IsBackward">Whether it belongs to a backward pass.</param>
abstract record ProgramStep(string Stage, bool IsBackward);

/// <summary>One call of the runtime.</summary>
/// <param name="Stage">Name of the part of the network that it belongs to.</param>
/// <param name="IsBackward">Whether it belongs to a backward pass.</param>
/// <param name="Unit">Scope of the unit that it belongs to.</param>
/// <param name="Layer">The layer, of operations that are one.</param>
abstract record ProgramCall(string Stage, bool IsBackward, string Unit, LayerReference? Layer) : ProgramStep(Stage, IsBackward);

/// <summary>A call of a forward operation; in a backward pass, one that computes again what the forward pass has computed.</summary>
/// <param name="Stage">Name of the part of the network that it belongs to.</param>
/// <param name="IsBackward">Whether it computes again.</param>
/// <param name="Unit">Scope of the unit that it belongs to.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Layer">The layer, of operations that are one.</param>
/// <param name="Output">Number of the output in <see cref="NetworkDefinition.Outputs"/>, of operations that are one's.</param>
/// <param name="From">The slot that it reads; null for the input.</param>
/// <param name="Factor">The slot of the factor; null except for products.</param>
/// <param name="To">The slot of the final result; null for operations without a result.</param>
/// <param name="Then">The epilogue, applied before the result is stored.</param>
sealed record ForwardCall(
    string Stage, bool IsBackward, string Unit, ForwardOperation Operation, LayerReference? Layer, int? Output, Operand? From, Operand? Factor, Operand? To, ProgramEpilogue Then)
    : ProgramCall(Stage, IsBackward, Unit, Layer);

/// <summary>A call of a backward operation.</summary>
/// <param name="Stage">Name of the part of the network that it belongs to.</param>
/// <param name="Unit">Scope of the unit that it belongs to.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Layer">The layer, of operations that are one.</param>
/// <param name="Input">The input of the layer or, backward through a product, the other factor; null for operations that read neither.</param>
/// <param name="Rectified">The output of a ReLU.</param>
/// <param name="Gradient">Gradient of the result; read, and by a ReLU changed.</param>
/// <param name="To">Gradient of the input; null if nothing needs it.</param>
/// <param name="Accumulate">Whether <paramref name="To"/> is added to.</param>
sealed record BackwardCall(
    string Stage, string Unit, BackwardOperation Operation, LayerReference? Layer, Operand? Input, Operand? Rectified, Operand Gradient, Operand? To, bool Accumulate)
    : ProgramCall(Stage, true, Unit, Layer);

/// <summary>Steps that are executed several times, for the layers of one iteration after another; in a backward pass, from the last to the first.</summary>
/// <param name="Stage">Name of the part of the network that it belongs to.</param>
/// <param name="IsBackward">Whether it goes back through the iterations.</param>
/// <param name="Range">The layers that it goes through.</param>
/// <param name="FirstSlot">The saved slot that the first iteration begins with; 0 where no slots are saved.</param>
/// <param name="SlotStride">Number of saved slots from there to that of the next iteration; 0 where no slots are saved.</param>
/// <param name="Shape">Shape of what an iteration hands to the next.</param>
/// <param name="Body">The steps of an iteration.</param>
sealed record ProgramLoop(string Stage, bool IsBackward, IterationRange Range, int FirstSlot, int SlotStride, Shape Shape, EquatableArray<ProgramStep> Body)
    : ProgramStep(Stage, IsBackward);

/// <summary>The layers that a loop goes through.</summary>
/// <param name="Start">Index of the first iteration's first layer.</param>
/// <param name="Stride">Number of layers in an iteration.</param>
/// <param name="Count">Number of iterations; at least 2.</param>
/// <param name="UnitsAtOnce">Number of units in an iteration.</param>
/// <param name="FirstUnit">Name of the first unit.</param>
/// <param name="LastUnit">Name of the last unit.</param>
sealed record IterationRange(int Start, int Stride, int Count, int UnitsAtOnce, string FirstUnit, string LastUnit)
{
    /// <summary>The end of the range of the layer index, exclusive.</summary>
    public int End => Start + Stride * Count;
}
