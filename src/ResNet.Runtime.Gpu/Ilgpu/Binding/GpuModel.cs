using ResNet.Dsl;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>A network bound to a device: its forward pass with the packed weights.</summary>
sealed class GpuModel(IlgpuBackend backend, Network network) : DeviceModel
{
    public IlgpuBackend Backend => backend;

    public Network Network => network;

    public List<Operation> Operations { get; } = [];

    /// <summary>Taps, each behind so many operations.</summary>
    public List<(int After, int Layer, Operation Output)> Taps { get; } = [];

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
    readonly Workspace _workspace = new(model.Backend, model.SlotSizes, model.Operations);

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        lock (model.Backend.Lock)
        {
            var wanted = taps is null ? [] : model.Taps;
            _workspace.Begin(batch, wanted.Select(tap => model.Network.Layers[tap.Layer].Output.Elements).Append(Math.Max(images.Length, output.Length) / batch).Max());
            _workspace.Send(images);
            var done = 0;
            foreach (var (after, layer, read) in wanted)
            {
                var to = taps!(layer);
                if (to.IsEmpty) continue;
                _workspace.Run(done, after);
                done = after;
                read.Run(_workspace);
                _workspace.Receive(to);
            }
            _workspace.Run(done, model.Operations.Count);
            _workspace.Receive(output);
        }
    }

    protected override void Free()
    {
        lock (model.Backend.Lock) _workspace.Dispose();
    }
}
