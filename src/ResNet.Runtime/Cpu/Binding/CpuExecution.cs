using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>Executes a program: with all workers on some images at a time.</summary>
/// <param name="model">The program with the packed weights.</param>
/// <param name="workers">Who computes.</param>
sealed unsafe class CpuExecution(CpuModel model, CpuWorkers workers) : ICpuJob, IDisposable
{
    float* _images, _output;
    int _first;
    TapReceiver? _taps;
    OperationClock? _clock;
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
    public FeatureMaps Of(Value value) => Arena.Of(value);

    /// <summary>Computes images first … end−1 of a batch.</summary>
    /// <param name="images">The whole batch.</param>
    /// <param name="output">The results of the whole batch.</param>
    /// <param name="first">The first image.</param>
    /// <param name="end">One beyond the last.</param>
    /// <param name="taps">Receives the values of taps; null if nobody wants them.</param>
    /// <param name="clock">Takes the time of each operation; null if nobody asks.</param>
    public void Compute(float* images, float* output, int first, int end, TapReceiver? taps, OperationClock? clock)
    {
        // Equal numbers at a time, rather than a small one at the end.
        var most = model.Program.ImagesOfThread * workers.Count;
        var rounds = (end - first + most - 1) / most;
        Reserve((end - first + rounds - 1) / rounds);
        (_taps, _clock) = (taps, clock);
        _pass ??= new(this);
        for (var round = 0; round < rounds; round++)
        {
            var (from, to) = WorkSplit.Slice(end - first, round, rounds);
            (_first, Batch) = (first + from, to - from);
            _images = images + _first * model.Network.Definition.Input.Elements;
            _output = output + _first * model.Network.OutputShape.Elements;
            _pass.Begin();
            model.Network.Execute(_pass);
        }
        (_taps, _clock) = (null, null);
    }

    /// <summary>Executes the n-th operation of the program with all workers.</summary>
    public void Execute(int operation)
    {
        foreach (var step in model.Program.Operations[operation])
        {
            _step = step;
            workers.Run(this, workers.Count);
            _clock?.Lap(step.Operation, Batch);
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
        var length = Math.Max(model.Program.ScratchLength(images, workers.Count), model.Program.ScratchLength(Math.Max(1, images - 1), workers.Count));
        if (_scratch is null || length > _scratch.Length)
        {
            _scratch?.Dispose();
            _scratch = new(length, clear: false);
        }
        _reserved = images;
    }

    public void Dispose()
    {
        Arena.Dispose();
        _scratch?.Dispose();
    }
}
