using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>Keeps which value stands in which slot while a program is recorded.</summary>
sealed class SlotTable
{
    readonly Dictionary<int, BoundValue> _slots = [];
    readonly List<BoundValue> _values = [];

    /// <summary>Every value, in the order of writing.</summary>
    public IReadOnlyList<BoundValue> Values => _values;

    /// <summary>Number of slots.</summary>
    public int Count { get; private set; }

    /// <summary>Notes a reader of the value in a slot.</summary>
    /// <inheritdoc cref="BoundValue.ReadBy"/>
    public BoundValue Read(int slot, bool isDenseConvolution = false, int border = 0) => _slots[slot].ReadBy(isDenseConvolution, border);

    /// <summary>Puts a new value into a slot.</summary>
    public BoundValue Write(int slot, Shape shape)
    {
        var value = new BoundValue(shape, slot);
        _slots[slot] = value;
        _values.Add(value);
        Count = Math.Max(Count, slot + 1);
        return value;
    }

    /// <summary>Notes the values that an operation with an epilogue reads and writes.</summary>
    public (BoundValue Output, BoundEpilogue Then) WriteThrough(Epilogue then, int to, Shape shape)
    {
        var addend = then.Addend is { } slot ? Read(slot) : null;
        var stored = then.StoreSlot is { } store ? Write(store, shape) : null;
        var output = Write(to, shape);
        // A result in its addend's place is written over it element by element.
        foreach (var result in new[] { stored, output })
            if (addend is not null && result?.Slot == addend.Slot) result.SharePlaceWith(addend);
        return (output, new(then.InnerNorm, then.InnerRelu, addend, then.PadsAddend ? PaddedStride(addend!.Shape, shape) : null, stored, then.OuterNorm, then.OuterRelu));
    }

    /// <summary>The smallest stride that joins rows and columns alike: the one that the builder has chosen.</summary>
    static int PaddedStride(Shape from, Shape to) => Math.Max(Stride(from.Height, to.Height), Stride(from.Width, to.Width));

    static int Stride(int from, int to) => (from + to - 1) / to;
}
