using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>
/// A network's parameters and their gradients in the device's memory, in the layout of <see cref="Parameters"/>. They go there
/// when they have changed on the host, and come back when they are read there.
/// </summary>
sealed class DeviceParameters : IDisposable
{
    readonly IlgpuDevice _device;
    readonly Parameters _parameters;
    readonly GpuBuffer<float> _trained, _statistics, _statisticsBefore, _gradients;
    int _version = -1;
    bool _holdsWeights;

    public DeviceParameters(IlgpuDevice device, Parameters parameters)
    {
        (_device, _parameters) = (device, parameters);
        _trained = device.Allocate<float>(parameters.ReadTrained().Length);
        _statistics = device.Allocate<float>(parameters.ReadStatistics().Length);
        _statisticsBefore = device.Allocate<float>(parameters.ReadStatistics().Length);
        _gradients = device.Allocate<float>(parameters.ReadTrained().Length);
    }

    /// <summary>All trained values.</summary>
    public ArrayView<float> Trained => _trained.View;

    /// <summary>All running statistics.</summary>
    public ArrayView<float> Statistics => _statistics.View;

    /// <summary>The values of a tensor.</summary>
    public ArrayView<float> Values(ParameterTensor tensor) => (tensor.Info.IsTrained ? _trained : _statistics).View.SubView(tensor.Offset, tensor.Length);

    /// <summary>The gradient of a tensor.</summary>
    public ArrayView<float> Gradient(ParameterTensor tensor) => Gradients(tensor.Offset, tensor.Length);

    /// <summary>Neighboring trained values.</summary>
    public ArrayView<float> Weights(int start, int length) => _trained.View.SubView(start, length);

    /// <summary>The gradients of neighboring trained values.</summary>
    public ArrayView<float> Gradients(int start, int length) => _gradients.View.SubView(start, length);

    /// <summary>Copies the parameters to the device, if they have changed since.</summary>
    public void Send()
    {
        if (_version == _parameters.Version) return;
        _trained.Write(_parameters.ReadTrained());
        _statistics.Write(_parameters.ReadStatistics());
        _version = _parameters.Version;
    }

    /// <summary>Says that the values on the device are the valid ones: the running statistics, and maybe the weights.</summary>
    public void Hold(bool weights)
    {
        _holdsWeights |= weights;
        _parameters.HeldBy(Receive);
        _version = _parameters.Version;
    }

    /// <summary>Remembers the running statistics, for <see cref="UndoStatistics"/>.</summary>
    public void KeepStatistics() => _statistics.View.CopyTo(_device.Stream, _statisticsBefore.View);

    /// <summary>Puts back the running statistics that were kept.</summary>
    public void UndoStatistics()
    {
        _statisticsBefore.View.CopyTo(_device.Stream, _statistics.View);
        Hold(weights: false);
    }

    /// <summary>Copies the gradients from the device.</summary>
    public void ReceiveGradients(Span<float> to) => _gradients.Read(to);

    /// <summary>Copies gradients to the device.</summary>
    public void SendGradients(ReadOnlySpan<float> gradients) => _gradients.Write(gradients);

    public void Dispose()
    {
        // Values that only the device has would be lost.
        if (_version == _parameters.Version) _parameters.Fetch();
        _trained.Dispose();
        _statistics.Dispose();
        _statisticsBefore.Dispose();
        _gradients.Dispose();
    }

    void Receive(Span<float> trained, Span<float> statistics)
    {
        lock (_device.Lock)
        {
            if (_holdsWeights) _trained.Read(trained);
            _statistics.Read(statistics);
            _holdsWeights = false;
        }
    }
}
