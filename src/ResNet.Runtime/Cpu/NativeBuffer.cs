using System.Runtime.InteropServices;

namespace ResNet.Runtime.Cpu;

/// <summary>Floats outside the garbage-collected heap, aligned to a cache line, zeroed.</summary>
sealed unsafe class NativeBuffer : IDisposable
{
    public const int Alignment = 64;

    /// <summary>
    /// Floats that may be read beyond the end: a tile that is only partly used still reads the input of all its pixels.
    /// </summary>
    public const int Slack = 32 * 1024;

    float* data;

    /// <param name="length">Floats; at least one is allocated.</param>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)(length + Slack) * sizeof(float));
        data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(data, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    public float* Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(data is null, this);
            return data;
        }
    }

    public Span<float> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new(Data + start, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (data is null) return;
        NativeMemory.AlignedFree(data);
        data = null;
        GC.RemoveMemoryPressure((Length + Slack) * sizeof(float));
    }
}
