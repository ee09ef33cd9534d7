using ResNet.Dsl;

namespace ResNet.Generators.Emitting;

/// <summary>Names of slots: A to Z, then S26, S27 …</summary>
static class SlotNames
{
    /// <summary>The first of the slots that have no names of their own: those that are saved for the backward pass.</summary>
    public const string Saved = "Saved";

    public static string Of(int slot) => slot < 26 ? ((char)('A' + slot)).ToString() : "S" + Text.Of(slot);

    public static IEnumerable<string> Of(IReadOnlyCollection<long> sizes) => Enumerable.Range(0, sizes.Count).Select(Of);

    /// <summary>Declarations of the names, each with the slot's size beside it.</summary>
    public static IReadOnlyCollection<(string Code, string Comment)> Constants(IReadOnlyCollection<long> sizes) =>
        [.. sizes.Select((size, i) => ($"const int {Of(i)} = {Text.Of(i)};", Text.Of(size)))];
}
