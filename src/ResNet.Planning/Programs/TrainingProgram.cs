using ResNet.Dsl;

namespace ResNet.Planning.Programs;

/// <summary>A network's training step: forward, loss, backward, and a slot for every value.</summary>
/// <param name="Steps">The steps in order.</param>
/// <param name="SharedSizes">
/// The largest value of each slot, in elements per image, of those for gradients and for values that backward operations do not
/// read or read computed again.
/// </param>
/// <param name="SavedCount">Number of slots of values that are kept for backward operations; they follow the shared ones.</param>
/// <param name="SavedElements">Elements of all of them, per image.</param>
sealed record TrainingProgram(EquatableArray<ProgramStep> Steps, EquatableArray<long> SharedSizes, int SavedCount, long SavedElements)
{
    /// <summary>Values that one image needs room for.</summary>
    public long ArenaElements => SharedSizes.Sum() + SavedElements;

    /// <summary>Whether the backward pass computes values again.</summary>
    public bool Recomputes => Steps.Any(ComputesAgain);

    static bool ComputesAgain(ProgramStep step) => step is ProgramLoop loop ? loop.Body.Any(ComputesAgain) : step is ForwardCall { IsBackward: true };
}
