using ResNet.Dsl;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>A network bound to a device: its forward pass with the packed weights.</summary>
sealed class GpuModel(IlgpuBackend backend, Network network) : DeviceModel
{
    public IlgpuBackend Backend => backend;

    public Network Network => network;

    public List<Step> Steps { get; } = [];

    /// <summary>Taps, each behind so many steps.</summary>
    public List<(int After, int Layer, Step Output)> Taps { get; } = [];

    public List<GpuBuffer<float>> Buffers { get; } = [];

    /// <summary>Values per image of each slot.</summary>
    public long[] SlotSizes { get; set; } = [];

    protected override DeviceSession NewSession() => new GpuSession(this);

    protected override void Free()
    {
        lock (backend.Lock)
            foreach (var buffer in Buffers) buffer.Dispose();
    }
}

/// <summary>The activations of one forward pass.</summary>
sealed class GpuSession(GpuModel model) : DeviceSession(model)
{
    readonly Workspace _workspace = new(model.Backend, model.SlotSizes, model.Network.Definition.Input.Elements, model.Steps);

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
            var wanted = taps is null ? [] : model.Taps;
            timer = Clock is null ? null : new(model.Backend.Stream, Clock);
            _workspace.Reserve(batch, wanted.Select(tap => model.Network.Layers[tap.Layer].Output.Elements).Append(output.Length / batch).Max());
            _workspace.Begin(images);
            if (taps is null) _workspace.Run(timer);
            else Run(taps);
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

    void Run(TapReceiver taps)
    {
        var done = 0;
        foreach (var (after, layer, read) in model.Taps)
        {
            var to = taps(layer);
            if (to.IsEmpty) continue;
            _workspace.Run(done, after);
            done = after;
            read.Run(_workspace);
            _workspace.Receive(to);
        }
        _workspace.Run(done, model.Steps.Count);
    }

    protected override void Free()
    {
        lock (model.Backend.Lock) _workspace.Dispose();
    }
}
