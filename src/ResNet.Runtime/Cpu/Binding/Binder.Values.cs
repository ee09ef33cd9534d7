using ResNet.Dsl;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Cpu.Binding;

sealed partial class Binder
{
    Value Read(int slot, bool byDenseConvolution = false)
    {
        var value = _slots[slot];
        if (value == _compact && !byDenseConvolution) _compact = null;
        return value;
    }

    Value Write(int slot, Shape shape)
    {
        var value = new Value(shape, slot - Scratch);
        _slots[slot] = value;
        _values.Add(value);
        return value;
    }

    /// <summary>Notes the values that an operation with an epilogue reads and writes.</summary>
    (Value Output, BoundEpilogue Epilogue) WriteThrough(Then then, int to, Shape shape)
    {
        var addend = then.Addend is { } slot ? Read(slot) : null;
        var raw = then.StoreSlot is { } store ? Write(store, shape) : null;
        var output = Write(to, shape);
        // Whatever takes its addend's place is written over it element by element.
        foreach (var result in new[] { raw, output })
            if (addend is not null && result?.Slot == addend.Slot) result.ShareLayout(addend);
        return (output, new(parameters, then, addend, raw));
    }
}
