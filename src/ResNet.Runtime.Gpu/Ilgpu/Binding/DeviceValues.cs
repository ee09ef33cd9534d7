using ILGPU;
using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Values that kernels read from memory: what was recorded with them sees others when it is launched again.</summary>
/// <param name="device">The device.</param>
/// <param name="length">The most values.</param>
sealed class DeviceValues<T>(IlgpuDevice device, int length) : IDisposable where T : unmanaged
{
    readonly PinnedArray<T> _onHost = new(device.Accelerator, length);
    readonly GpuBuffer<T> _buffer = device.Allocate<T>(length);

    public ArrayView<T> View => _buffer.View;

    /// <summary>Sets the first ones, after what the device was told to do before. That is done when they are set again.</summary>
    public void Set(ReadOnlySpan<T> values)
    {
        values.CopyTo(_onHost.Span);
        _buffer.Send(_onHost, values.Length, device.Stream);
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _onHost.Dispose();
    }
}
