using ResNet.Dsl;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>Which value stands in which slot while a program is noted, and the layouts once it is known who reads them.</summary>
sealed class SlotTable
{
    /// <summary>A slot beside the program's own, for sums that may not stand in their result's place.</summary>
    public const int Scratch = -1;

    readonly Dictionary<int, Value> _slots = [];
    readonly List<Value> _values = [];

    /// <summary>The images, as long as only convolutions read them: those take few channels without channel blocks.</summary>
    Value? _compact;

    public Value Read(int slot, bool byDenseConvolution = false)
    {
        var value = _slots[slot];
        if (value == _compact && !byDenseConvolution) _compact = null;
        return value;
    }

    public Value Write(int slot, Shape shape)
    {
        var value = new Value(shape, slot - Scratch);
        _slots[slot] = value;
        _values.Add(value);
        return value;
    }

    public Value WriteImages(int slot, Shape shape)
    {
        var images = Write(slot, shape);
        if (shape.Channels < ActivationLayout.BlockLanes) _compact = images;
        return images;
    }

    /// <summary>Notes the values that an operation with an epilogue reads and writes.</summary>
    public (Value Output, Value? Addend, Value? Raw) WriteThrough(Epilogue then, int to, Shape shape)
    {
        var addend = then.Addend is { } slot ? Read(slot) : null;
        var raw = then.StoreSlot is { } store ? Write(store, shape) : null;
        var output = Write(to, shape);
        // Whatever takes its addend's place is written over it element by element.
        foreach (var result in new[] { raw, output })
            if (addend is not null && result?.Slot == addend.Slot) result.ShareLayout(addend);
        return (output, addend, raw);
    }

    /// <summary>Fixes the layouts.</summary>
    /// <returns>Floats per image that each slot needs.</returns>
    public long[] Finish()
    {
        _compact?.MakeCompact();
        foreach (var value in _values) value.FixLayout();
        var sizes = new long[_values.Max(value => value.Slot) + 1];
        foreach (var value in _values)
            sizes[value.Slot] = Math.Max(sizes[value.Slot], value.Layout.SizeInFloats(1));
        return sizes;
    }
}
