using ILGPU;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Values that kernels read from memory: what was recorded with them sees others when it is launched again.</summary>
/// <param name="backend">The device.</param>
/// <param name="length">The most values.</param>
sealed class DeviceValues<T>(IlgpuBackend backend, int length) : IDisposable where T : unmanaged
{
    readonly PinnedArray<T> _onHost = new(backend.Accelerator, length);
    readonly GpuBuffer<T> _buffer = backend.Allocate<T>(length);

    public ArrayView<T> View => _buffer.View;

    /// <summary>Sets the first ones, after what the device was told to do before. That is done when they are set again.</summary>
    public void Set(ReadOnlySpan<T> values)
    {
        values.CopyTo(_onHost.Span);
        _buffer.Send(_onHost, values.Length, backend.Stream);
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _onHost.Dispose();
    }
}
