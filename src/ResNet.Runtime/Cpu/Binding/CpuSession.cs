using ResNet.Runtime.Execution;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The activations of one forward pass.</summary>
sealed unsafe class CpuSession(CpuModel model) : DeviceSession(model), ICpuJob
{
    float* _images, _output;
    int _first;
    TapReceiver? _taps;
    Step? _step;
    NativeBuffer? _scratch;
    int _reserved;
    CpuPass? _pass;

    /// <summary>Number of images that are computed at a time.</summary>
    public int Batch { get; private set; }

    /// <summary>The memory of the values.</summary>
    public Arena Arena { get; } = new(model.Program.SlotSizes);

    /// <summary>Memory that each operation may use while it runs.</summary>
    public float* Scratch => _scratch!.Data;

    /// <summary>The memory of a value.</summary>
    public Activation Of(Value value) => Arena.Of(value);

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        // Equal numbers at a time, rather than a small one at the end.
        var rounds = (batch + model.Program.Images - 1) / model.Program.Images;
        Reserve((batch + rounds - 1) / rounds);
        _taps = taps;
        _pass ??= new(this);
        fixed (float* from = images, to = output)
        {
            for (var round = 0; round < rounds; round++)
            {
                (_first, var end) = WorkSplit.Slice(batch, round, rounds);
                Batch = end - _first;
                _images = from + _first * (images.Length / batch);
                _output = to + _first * (output.Length / batch);
                _pass.Begin();
                model.Network.Execute(_pass);
            }
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
        if (!to.IsEmpty) LayoutConversion.ToNchw(Of(value), to.Slice(_first * (Length(value) / Batch), Length(value)), Batch, part, parts);
    }

    int Length(Value value) => checked((int)(Batch * value.Shape.Elements));

    void Reserve(int images)
    {
        Arena.Reserve(images);
        if (images == _reserved) return;
        // Of a batch that divides unevenly, one image less comes too, which may be cut otherwise.
        var length = Math.Max(model.Program.ScratchLength(images), model.Program.ScratchLength(Math.Max(1, images - 1)));
        if (_scratch is null || length > _scratch.Length)
        {
            _scratch?.Dispose();
            _scratch = new(length, clear: false);
        }
        _reserved = images;
    }

    protected override void Free()
    {
        Arena.Dispose();
        _scratch?.Dispose();
    }
}
