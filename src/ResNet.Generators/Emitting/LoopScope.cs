using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Generators.Emitting;

/// <summary>
/// A loop around the code that is being written. Its variable is the index of the iteration's first layer; where iterations
/// have saved slots, a second one is the slot of what the iteration begins with.
/// </summary>
/// <param name="loop">The loop.</param>
/// <param name="outer">The loop around it.</param>
/// <param name="firstSaved">The first of the slots that are saved; null if there are none.</param>
sealed class LoopScope(ProgramLoop loop, LoopScope? outer, int? firstSaved)
{
    readonly IterationRange _range = loop.Range;

    int Depth => outer is null ? 1 : outer.Depth + 1;

    string Layer => Variable("at");

    string Slot => Variable("saved");

    /// <summary>The statement that opens the loop.</summary>
    public string Head
    {
        get
        {
            var (first, last) = (Index(_range.Start, outer), Index(_range.End - _range.Stride, outer));
            var step = Text.Of(_range.Stride);
            if (firstSaved is not { } saved) return $"for (var {Layer} = {first}; {Layer} < {Index(_range.End, outer)}; {Layer} += {step})";
            var (firstSlot, lastSlot) = (SavedSlot(loop.FirstSlot, outer, saved), SavedSlot(loop.FirstSlot + loop.SlotStride * (_range.Count - 1), outer, saved));
            var slotStep = Text.Of(loop.SlotStride);
            return loop.IsBackward
                ? $"for (int {Layer} = {last}, {Slot} = {lastSlot}; {Layer} >= {first}; {Layer} -= {step}, {Slot} -= {slotStep})"
                : $"for (int {Layer} = {first}, {Slot} = {firstSlot}; {Layer} <= {last}; {Layer} += {step}, {Slot} += {slotStep})";
        }
    }

    /// <summary>The index of a layer, given for the first iteration of all loops around.</summary>
    public static string Index(int index, LoopScope? scope) => scope is null ? Text.Of(index) : Offset(scope.Layer, index - scope._range.Start);

    /// <summary>The slot of a saved value, given as the first iteration of all loops around has it.</summary>
    public static string SavedSlot(int slot, LoopScope? scope, int firstSaved) =>
        scope is null ? Offset(SlotNames.Saved, slot - firstSaved) : Offset(scope.Slot, slot - scope.FirstSlot);

    /// <summary>The index of a layer that the next iteration has, where the last iteration has another.</summary>
    public string Next(int index, int afterLast) =>
        $"{Layer} < {Index(_range.End - _range.Stride, outer)} ? {Index(index, this)} : {Index(afterLast, outer)}";

    /// <summary>Parameters of a method that stands for code within the loops.</summary>
    public static string Parameters(LoopScope? scope) => Variables(scope, ", int ");

    /// <summary>The arguments of a call of such a method.</summary>
    public static string Arguments(LoopScope? scope) => Variables(scope, ", ");

    static string Variables(LoopScope? scope, string separator) => scope is null
        ? ""
        : Variables(scope.Outer, separator) + separator + scope.Layer + (scope.HasSlots ? separator + scope.Slot : "");

    LoopScope? Outer => outer;

    bool HasSlots => firstSaved is not null;

    int FirstSlot => loop.FirstSlot;

    string Variable(string name) => Depth == 1 ? name : name + Text.Of(Depth);

    static string Offset(string start, int offset) => offset switch
    {
        0 => start,
        > 0 => $"{start} + {Text.Of(offset)}",
        _ => $"{start} - {Text.Of(-offset)}",
    };
}
