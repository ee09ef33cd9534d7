using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>A forward pass bound to a device, with the packed weights.</summary>
sealed class GpuModel(IlgpuBackend backend, GpuProgram program) : DeviceModel
{
    public IlgpuBackend Backend => backend;

    public GpuProgram Program => program;

    protected override DeviceSession NewSession() => new GpuSession(this);

    protected override void Free()
    {
        lock (backend.Lock) program.Dispose();
    }
}

/// <summary>The activations of one forward pass.</summary>
sealed class GpuSession(GpuModel model) : DeviceSession(model)
{
    readonly Workspace _workspace = new(model.Backend, model.Program);

    public override ReadOnlyMemory<float> Prepare(ReadOnlyMemory<float> images, int batch)
    {
        lock (model.Backend.Lock)
        {
            // More memory would come in place of that where the output of the present pass still lies.
            return _workspace.HasRoom(batch) ? _workspace.Staging.Send(images.Span, []).Images : images;
        }
    }

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        OperationTimer? timer;
        lock (model.Backend.Lock)
        {
            timer = Clock is null ? null : new(model.Backend.Stream, Clock);
            _workspace.Reserve(batch, withTaps: taps is not null);
            _workspace.Begin(images);
            if (taps is null) _workspace.Run(timer);
            else _workspace.Run(model.Program.Taps, taps);
            IlgpuBackend.Flush(model.Backend.Stream);
        }
        Meanwhile?.Invoke();
        lock (model.Backend.Lock)
        {
            _workspace.Receive(output);
            timer?.Mark(new Operation("output"), batch);
            timer?.Dispose();
        }
    }

    protected override void Free()
    {
        lock (model.Backend.Lock) _workspace.Dispose();
    }
}
