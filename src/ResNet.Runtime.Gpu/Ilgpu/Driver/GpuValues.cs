using ILGPU;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Gpu.Driver;

/// <summary>Values that stay in a device's memory from one pass to the next.</summary>
/// <param name="device">The device.</param>
/// <param name="length">Number of values.</param>
sealed class GpuValues(IlgpuDevice device, long length) : ResidentValues
{
    readonly GpuBuffer<float> _buffer = device.Allocate<float>(length);

    public IlgpuDevice Device => device;

    public ArrayView<float> View => _buffer.View.SubView(0, length);

    public override void CopyTo(Span<float> values)
    {
        lock (device.Lock) _buffer.Read(values);
    }

    public override void Dispose()
    {
        lock (device.Lock)
        {
            // A kernel that runs may still read it.
            device.Stream.Synchronize();
            _buffer.Dispose();
        }
    }
}
