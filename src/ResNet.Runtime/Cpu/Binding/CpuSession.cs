using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// The forward passes of one caller. Few images are computed by all workers together, one operation after another; of a batch
/// that divides well each worker computes its own images, and waits for the others only at the end.
/// </summary>
sealed unsafe class CpuSession(CpuModel model) : DeviceSession(model), ICpuJob
{
    /// <summary>The part of the workers' time in use at least, if each computes its own images.</summary>
    const double LeastUse = 0.9;

    readonly CpuRun _together = new(model.Program, model.Workers);
    CpuRun[]? _each;
    CpuWorkers? _alone;
    float* _images, _output;
    int _batch;

    protected override void Compute(ReadOnlySpan<float> images, int batch, Span<float> output, TapReceiver? taps)
    {
        fixed (float* from = images, to = output)
        {
            var workers = model.Workers.Count;
            var ofEach = (batch + workers - 1) / workers;
            _images = from;
            _output = to;
            _batch = batch;
            // The receiver of taps is asked by one thread at a time, and an operation's time is that of all workers.
            if (workers == 1 || taps is not null || Clock is not null || batch < LeastUse * ofEach * workers)
            {
                Compute(_together, workers, 0, batch, taps, Clock);
                return;
            }
            _alone ??= new(1);
            _each ??= [.. Enumerable.Range(0, workers).Select(_ => new CpuRun(model.Program, _alone))];
            model.Workers.Run(this, workers);
        }
    }

    void ICpuJob.Execute(int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(_batch, part, parts);
        Compute(_each![part], workers: 1, first, end, taps: null, clock: null);
    }

    /// <summary>Computes images first … end−1.</summary>
    void Compute(CpuRun run, int workers, int first, int end, TapReceiver? taps, OperationClock? clock)
    {
        // Equal numbers at a time, rather than a small one at the end.
        var most = model.Program.ImagesOfThread * workers;
        var rounds = (end - first + most - 1) / most;
        run.Reserve((end - first + rounds - 1) / rounds);
        run.Images = _images;
        run.Total = _batch;
        run.Output = _output;
        (run.Taps, run.Clock) = (taps, clock);
        for (var round = 0; round < rounds; round++)
        {
            var (from, to) = WorkSplit.Slice(end - first, round, rounds);
            run.Execute(first + from, to - from);
        }
        (run.Taps, run.Clock) = (null, null);
    }

    protected override void Free()
    {
        _together.Dispose();
        foreach (var run in _each ?? []) run.Dispose();
        _alone?.Dispose();
    }
}
