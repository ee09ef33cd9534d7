using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// The forward passes of one caller. Few images are computed by all workers together, one operation after another; of a batch
/// that divides well each worker computes its own images, and waits for the others only at the end.
/// </summary>
sealed unsafe class CpuSession(CpuModel model) : DeviceSession(model), ICpuJob
{
    /// <summary>The part of the workers' time in use at least, if each computes its own images.</summary>
    const double LeastUse = 0.9;

    readonly CpuExecution _together = new(model, model.Workers);
    CpuExecution[]? _each;
    CpuWorkers? _alone;
    float* _images, _output;
    int _batch;

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        fixed (float* from = images, to = output)
        {
            var workers = model.Workers.Count;
            var ofEach = (batch + workers - 1) / workers;
            // Whoever receives taps is asked by one thread at a time, and an operation's time is that of all workers.
            if (workers == 1 || taps is not null || Clock is not null || batch < LeastUse * ofEach * workers)
            {
                _together.Compute(from, to, 0, batch, taps, Clock);
                return;
            }
            _alone ??= new(1);
            _each ??= [.. Enumerable.Range(0, workers).Select(_ => new CpuExecution(model, _alone))];
            _images = from;
            _output = to;
            _batch = batch;
            model.Workers.Run(this, workers);
        }
    }

    void ICpuJob.Execute(int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(_batch, part, parts);
        _each![part].Compute(_images, _output, first, end, taps: null, clock: null);
    }

    protected override void Free()
    {
        _together.Dispose();
        foreach (var execution in _each ?? []) execution.Dispose();
        _alone?.Dispose();
    }
}
