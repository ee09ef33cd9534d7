using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Cpu.Memory;

/// <summary>Floats outside the garbage-collected heap, aligned to a cache line.</summary>
sealed unsafe class NativeBuffer : IDisposable
{
    public const int Alignment = 64;

    /// <summary>
    /// Floats that may be read beyond the end: a tile that is only partly used still reads the input of all its pixels.
    /// </summary>
    public const int Slack = 32 * 1024;

    float* _data;

    /// <param name="length">Floats.</param>
    /// <param name="clear">Whether to fill it with zeros. Memory that is written before it is read need not be.</param>
    public NativeBuffer(long length, bool clear = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)(length + Slack) * sizeof(float));
        var isLarge = bytes >= HugePages.Size;
        _data = (float*)NativeMemory.AlignedAlloc(bytes, isLarge ? HugePages.Size : Alignment);
        if (isLarge) HugePages.Advise(_data, bytes);
        if (clear) NativeMemory.Clear(_data, (nuint)length * sizeof(float));
        GC.AddMemoryPressure((long)bytes);
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    public float* Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return _data;
        }
    }

    public Span<float> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new(Data + start, length);
    }

    /// <summary>The first cache line of memory of the stack, which begins anywhere: a cache line less than was allocated remains.</summary>
    public static float* Align(Span<float> stack) =>
        (float*)(((nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(stack)) + Alignment - 1) / Alignment * Alignment);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (_data is null) return;
        NativeMemory.AlignedFree(_data);
        _data = null;
        GC.RemoveMemoryPressure((Length + Slack) * sizeof(float));
    }
}
