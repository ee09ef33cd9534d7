using ResNet.Dsl;

namespace ResNet.Planning.Programs;

/// <summary>A network's forward pass: fused operations, loops, and a slot for every value.</summary>
/// <param name="Steps">The steps in order.</param>
/// <param name="SlotSizes">The largest value of each slot, in elements per image.</param>
sealed record InferenceProgram(EquatableArray<ProgramStep> Steps, EquatableArray<long> SlotSizes)
{
    /// <summary>Values that one image needs room for.</summary>
    public long ArenaElements => SlotSizes.Sum();
}
