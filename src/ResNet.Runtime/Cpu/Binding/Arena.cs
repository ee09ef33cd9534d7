using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The memory of a program's slots, which grows with the largest batch seen.</summary>
/// <param name="slotSizes">Floats per image that each slot needs.</param>
sealed unsafe class Arena(long[] slotSizes) : IDisposable
{
    readonly long[] _offsets = new long[slotSizes.Length];
    NativeBuffer? _buffer;
    int _capacity;

    /// <summary>The memory of a value.</summary>
    public FeatureMaps Of(CpuValue value) => new(_buffer!.Data + _offsets[value.Slot], value.Layout);

    /// <summary>Makes room for a batch.</summary>
    public void Reserve(int batch)
    {
        if (batch <= _capacity) return;
        var end = 0L;
        for (var slot = 0; slot < slotSizes.Length; slot++)
        {
            _offsets[slot] = end;
            end = checked(end + slotSizes[slot] * batch);
        }
        _buffer?.Dispose();
        _buffer = new(end);
        _capacity = batch;
    }

    public void Dispose() => _buffer?.Dispose();
}
