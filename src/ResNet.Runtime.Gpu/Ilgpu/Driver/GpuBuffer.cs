using ILGPU;
using ILGPU.Runtime;

namespace ResNet.Runtime.Gpu.Driver;

/// <summary>Memory of a device.</summary>
/// <param name="buffer">The memory.</param>
/// <param name="stream">The stream that orders the uses of the memory.</param>
/// <param name="freed">Is called when it is freed.</param>
sealed unsafe class GpuBuffer<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer, AcceleratorStream stream, Action freed) : IDisposable where T : unmanaged
{
    public ArrayView<T> View => buffer.View;

    /// <summary>Copies values to the device after its pending work, and waits for the end.</summary>
    public void Write(ReadOnlySpan<T> values)
    {
        // Pinned, since ILGPU hands their address to the driver as it is.
        fixed (T* pinned = values)
            if (pinned != null) View.CopyFromCPU(stream, ref *pinned, values.Length);
    }

    /// <summary>Waits for the device's pending work, and copies values from it.</summary>
    /// <param name="values">Receives them.</param>
    /// <param name="first">Index of the first one.</param>
    public void Read(Span<T> values, long first = 0)
    {
        fixed (T* pinned = values)
            if (pinned != null) View.SubView(first).CopyToCPU(stream, ref *pinned, values.Length);
    }

    /// <summary>Waits for the device's pending work, and copies the first values from it.</summary>
    public T[] Read(int length)
    {
        var values = new T[length];
        Read(values);
        return values;
    }

    /// <summary>Begins to copy the first values to the device. They may change when the stream has come so far.</summary>
    public void Send(PinnedArray<T> values, int length, AcceleratorStream over)
    {
        if (length > 0) View.CopyFromCPUUnsafeAsync(over, ref values.Span[0], length);
    }

    /// <summary>Begins to copy the first values from the device after its pending work.</summary>
    public void Receive(PinnedArray<T> values, int length)
    {
        if (length > 0) View.CopyToCPUUnsafeAsync(stream, ref values.Span[0], length);
    }

    public void Dispose()
    {
        if (buffer.IsDisposed) return;
        buffer.Dispose();
        freed();
    }
}
