using ILGPU;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>A value that kernels read from memory: what was recorded with it sees another one when it is launched again.</summary>
/// <param name="backend">The device.</param>
sealed class DeviceValue<T>(IlgpuBackend backend) : IDisposable where T : unmanaged
{
    readonly PinnedArray<T> _onHost = new(backend.Accelerator, 1);
    readonly GpuBuffer<T> _buffer = backend.Allocate<T>(1);

    public ArrayView<T> View => _buffer.View;

    /// <summary>Sets it, behind what the device was told to do before. That is done when it is set again.</summary>
    public void Set(T value)
    {
        _onHost.Span[0] = value;
        _buffer.Send(_onHost, 1, backend.Stream);
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _onHost.Dispose();
    }
}
