using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Verification;

/// <summary>The contents of a slot at a moment: a form of a value, or a gradient.</summary>
/// <param name="Shape">Shape per image; <see langword="default"/> in a slot that nothing has been written to.</param>
/// <param name="Form">The form; −1 of gradients.</param>
/// <param name="Gradient">The number that stands for the gradient; 0 of values.</param>
readonly record struct Content(Shape Shape, int Form, ulong Gradient)
{
    public static Content OfValue(Shape shape, int form) => new(shape, form, 0);

    public static Content OfGradient(Shape shape, ulong gradient) => new(shape, -1, gradient);

    public bool IsGradient => Form < 0;
}

/// <summary>The arena while a program is followed: what each slot holds, and whether it has room for it.</summary>
/// <param name="sharedSizes">Sizes of the slots that values share.</param>
/// <param name="savedCount">Number of slots after them.</param>
/// <param name="savedElements">Elements of all of these together.</param>
sealed class SlotContents(IReadOnlyList<long> sharedSizes, int savedCount, long savedElements)
{
    readonly Content[] _slots = new Content[sharedSizes.Count + savedCount];
    readonly long[] _saved = new long[savedCount];
    long _savedElements;

    /// <summary>The number of a slot in an iteration.</summary>
    public int NumberOf(Operand operand, Iteration at) => operand.Slot < sharedSizes.Count ? operand.Slot : at.SavedSlot(operand.Slot);

    /// <summary>Reads a slot.</summary>
    /// <returns>The contents, or an error.</returns>
    public (Content Content, string? Problem) Read(int slot, Shape shape)
    {
        if (slot < 0 || slot >= _slots.Length) return (default, $"there are {_slots.Length} slots");
        var content = _slots[slot];
        if (content == default) return (content, "it is read before it is written");
        return (content, content.Shape == shape ? null : $"it holds {content.Shape}, and is read as {shape}");
    }

    /// <summary>Writes to a slot.</summary>
    /// <returns>The error, if there is one.</returns>
    public string? Write(int slot, Content content)
    {
        if (slot < 0 || slot >= _slots.Length) return $"there are {_slots.Length} slots";
        _slots[slot] = content;
        var elements = content.Shape.Elements;
        var saved = slot - sharedSizes.Count;
        if (saved < 0) return elements <= sharedSizes[slot] ? null : $"{content.Shape} takes {elements} elements, and there are {sharedSizes[slot]}";
        // Saved slots lie one after another, each as large as what it holds.
        _savedElements += Math.Max(0, elements - _saved[saved]);
        _saved[saved] = Math.Max(elements, _saved[saved]);
        return _savedElements <= savedElements ? null : $"all saved values together take more than {savedElements} elements";
    }
}
