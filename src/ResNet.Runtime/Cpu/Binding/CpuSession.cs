using ResNet.Runtime.Execution;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The activations of one forward pass.</summary>
sealed unsafe class CpuSession(CpuModel model) : DeviceSession(model), ICpuJob
{
    float* _images, _output;
    TapReceiver? _taps;
    Step? _step;
    CpuPass? _pass;

    /// <summary>Number of images of the pass that runs.</summary>
    public int Batch { get; private set; }

    /// <summary>The memory of the values.</summary>
    public Arena Arena { get; } = new(model.Program.SlotSizes);

    /// <summary>The memory of a value.</summary>
    public Activation Of(Value value) => Arena.Of(value);

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        Arena.Reserve(batch);
        (Batch, _taps) = (batch, taps);
        fixed (float* from = images, to = output)
        {
            _images = from;
            _output = to;
            _pass ??= new(this);
            _pass.Begin();
            model.Network.Execute(_pass);
        }
        _taps = null;
    }

    /// <summary>Executes the n-th operation of the program with all workers.</summary>
    public void Execute(int operation)
    {
        foreach (var step in model.Program.Operations[operation])
        {
            _step = step;
            model.Workers.Run(this, model.Workers.Count);
            Clock?.Lap(step.Operation, Batch);
        }
    }

    void ICpuJob.Execute(int part, int parts) => _step!.Run(this, part, parts);

    public void ReadInput(Value images, int part, int parts) =>
        LayoutConversion.FromNchw(new(_images, Length(images)), Of(images), Batch, part, parts);

    public void WriteOutput(Value result, int part, int parts) =>
        LayoutConversion.ToNchw(Of(result), new(_output, Length(result)), Batch, part, parts);

    /// <summary>Copies a tap's value out if somebody asked for it.</summary>
    public void Offer(int layer, Value value, int part, int parts)
    {
        if (_taps is null) return;
        var to = _taps(layer);
        if (!to.IsEmpty) LayoutConversion.ToNchw(Of(value), to, Batch, part, parts);
    }

    int Length(Value value) => checked((int)(Batch * value.Shape.Elements));

    protected override void Free() => Arena.Dispose();
}
