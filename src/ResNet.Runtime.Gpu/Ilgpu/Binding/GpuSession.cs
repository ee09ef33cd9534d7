using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>A forward pass bound to a device, with the packed weights.</summary>
sealed class GpuModel(IlgpuDevice device, GpuProgram program) : DeviceModel
{
    public IlgpuDevice Device => device;

    public GpuProgram Program => program;

    protected override DeviceSession NewSession() => new GpuSession(this);

    protected override void Free()
    {
        lock (device.Lock) program.Dispose();
    }
}

/// <summary>The activations of one forward pass.</summary>
sealed class GpuSession(GpuModel model) : DeviceSession(model)
{
    readonly Workspace _workspace = new(model.Device, model.Program);

    public override ReadOnlyMemory<float> Prepare(ReadOnlyMemory<float> images, int batch)
    {
        lock (model.Device.Lock)
        {
            // More memory would come in place of that where the output of the present pass still lies.
            return _workspace.HasRoom(batch) ? _workspace.Staging.Send(images.Span, []).Images : images;
        }
    }

    public override bool HasMemory => true;

    protected override ResidentValues? Compute(Tensor images, Span<float> output, int staying)
    {
        lock (model.Device.Lock)
        {
            _workspace.Reserve(images.Shape[0]);
            _workspace.Begin(images);
            _workspace.Run(timer: null);
            _workspace.Receive(output, staying);
            return staying == 0 ? null : _workspace.Keep(0, staying);
        }
    }

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        OperationTimer? timer;
        lock (model.Device.Lock)
        {
            timer = Clock is null ? null : new(model.Device.Stream, Clock);
            _workspace.Reserve(batch, withTaps: taps is not null);
            _workspace.Begin(images);
            if (taps is null) _workspace.Run(timer);
            else _workspace.Run(taps);
            IlgpuDevice.Flush(model.Device.Stream);
        }
        Meanwhile?.Invoke();
        lock (model.Device.Lock)
        {
            _workspace.Receive(output);
            timer?.Mark(new Operation("output"), batch);
            timer?.Dispose();
        }
    }

    protected override void Free()
    {
        lock (model.Device.Lock) _workspace.Dispose();
    }
}
