using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A value of a program and its layout in a slot of the arena.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Layout">The layout.</param>
sealed record CpuValue(int Slot, ActivationLayout Layout);

/// <summary>Fixes the layouts of a program's values.</summary>
sealed class CpuValues
{
    readonly Dictionary<BoundValue, CpuValue> _values = [];
    readonly List<long> _slotSizes = [];

    /// <param name="program">The program.</param>
    public CpuValues(BoundProgram program)
    {
        // Convolutions take images of few channels without channel blocks.
        var images = program.Operations.OfType<ReadInput>().Single().Output;
        foreach (var value in program.Values)
            Add(value, isCompact: value == images && value.FeedsDenseConvolutionsOnly && value.Shape.Channels < ActivationLayout.BlockLanes);
    }

    /// <summary>Floats per image that each slot needs.</summary>
    public long[] SlotSizes => [.. _slotSizes];

    public CpuValue this[BoundValue value] => _values[value];

    /// <summary>Adds a value of the layout of another, in a slot that programs do not use.</summary>
    public CpuValue AddLike(CpuValue other) => Add(new(_slotSizes.Count, other.Layout));

    void Add(BoundValue value, bool isCompact)
    {
        var (channels, height, width) = (value.Shape.Channels, value.Shape.Height, value.Shape.Width);
        var layout = isCompact ? ActivationLayout.Compact(channels, height, width, value.Border) : ActivationLayout.Blocked(channels, height, width, value.Border);
        _values.Add(value, Add(new(value.Slot, layout)));
    }

    CpuValue Add(CpuValue value)
    {
        while (_slotSizes.Count <= value.Slot) _slotSizes.Add(0);
        _slotSizes[value.Slot] = Math.Max(_slotSizes[value.Slot], value.Layout.SizeInFloats(1));
        return value;
    }
}
