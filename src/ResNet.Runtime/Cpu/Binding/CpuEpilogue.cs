using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>An epilogue with its normalizations folded.</summary>
sealed unsafe class CpuEpilogue(Parameters parameters, BoundEpilogue then, CpuValue? addend, CpuValue? stored) : IDisposable
{
    readonly List<NativeBuffer> _buffers = [];
    float* _innerScale, _innerShift, _outerScale, _outerShift;

    /// <summary>Folds the batch normalizations.</summary>
    public void Prepare()
    {
        if (then.InnerNorm is { } inner) (_innerScale, _innerShift) = Fold(inner);
        if (then.OuterNorm is { } outer) (_outerScale, _outerShift) = Fold(outer);
    }

    public KernelEpilogue For(Arena arena) => new()
    {
        InnerScale = _innerScale,
        InnerShift = _innerShift,
        ReluBeforeAddition = then.InnerRelu,
        Residual = addend is null ? default : arena.Of(addend),
        ResidualStride = then.PaddedStride ?? 1,
        Raw = stored is null ? default : arena.Of(stored),
        Scale = _outerScale,
        Shift = _outerShift,
        Relu = then.OuterRelu,
    };

    public void Dispose()
    {
        foreach (var buffer in _buffers) buffer.Dispose();
    }

    (Pointer Scale, Pointer Shift) Fold(int norm)
    {
        var folded = FoldedNorm.Of(parameters, norm);
        return (Keep(folded.Scale), Keep(folded.Shift));
    }

    /// <summary>Copies one value per channel, and zeros for the lanes beyond the last channel.</summary>
    Pointer Keep(float[] values)
    {
        var buffer = new NativeBuffer((values.Length + ActivationLayout.BlockLanes - 1) / ActivationLayout.BlockLanes * ActivationLayout.BlockLanes);
        _buffers.Add(buffer);
        values.CopyTo(buffer.Span(0, values.Length));
        return new(buffer.Data);
    }

    /// <summary>Pointers cannot stand in a tuple.</summary>
    readonly record struct Pointer(nint Address)
    {
        public Pointer(float* data) : this((nint)data)
        {
        }

        public static implicit operator float*(Pointer pointer) => (float*)pointer.Address;
    }
}
