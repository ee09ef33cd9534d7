using System.Diagnostics;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Training;

namespace ResNet.Tool.Benchmarking;

/// <summary>Single steps of a trainer, on the same batch again and again: forward, loss, backward, update.</summary>
sealed class TrainingSteps : IMeasured, IBatchSource, ITrainingObserver
{
    readonly Network _network;
    readonly TrainingBatch _batch;
    readonly Trainer _trainer;
    CancellationTokenSource _afterStep = new();
    TrainingSession? _session;

    public TrainingSteps(Network network, TrainingBatch batch)
    {
        (_network, _batch) = (network, batch);
        // A learning rate of 0: there is nothing to learn from random images, and the work is the same.
        _trainer = new(network, this, new() { Epochs = 1, Schedule = new ConstantSchedule(0) }) { Observers = [this] };
    }

    public string Identity => "one random batch";

    public int Batches => int.MaxValue;

    /// <summary>Mean loss of the last step's batch.</summary>
    public double Loss { get; private set; }

    public double Run()
    {
        _afterStep.Dispose();
        _afterStep = new();
        var start = Stopwatch.GetTimestamp();
        _trainer.Run(_afterStep.Token);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public IReadOnlyList<OperationTime> Profile()
    {
        // The trainer's session is its own; two would take twice the memory.
        if (_session is null) _trainer.Dispose();
        _session ??= _network.CreateTrainingSession();
        return _session.Profile(_batch.Images.Span, _batch.Labels.Span);
    }

    public bool TryNext(int epoch, out TrainingBatch batch)
    {
        batch = _batch;
        return true;
    }

    public void OnStep(StepMetrics metrics)
    {
        Loss = metrics.Loss;
        _afterStep.Cancel();
    }

    public void Dispose()
    {
        if (_session is null) _trainer.Dispose();
        _session?.Dispose();
        _afterStep.Dispose();
    }
}
