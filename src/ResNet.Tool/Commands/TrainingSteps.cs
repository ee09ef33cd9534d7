using System.Diagnostics;
using ResNet.Runtime;
using ResNet.Runtime.Training;

namespace ResNet.Tool.Commands;

/// <summary>Single steps of a trainer, on the same batch again and again: forward, loss, backward, update.</summary>
sealed class TrainingSteps : IBatchSource, ITrainingObserver, IDisposable
{
    readonly TrainingBatch _batch;
    readonly Trainer _trainer;
    CancellationTokenSource _afterStep = new();
    long _start;
    double _milliseconds;

    public TrainingSteps(Network network, TrainingBatch batch)
    {
        _batch = batch;
        // A learning rate of 0: there is nothing to learn from random images, and the work is the same.
        _trainer = new(network, this, new() { Epochs = 1, Schedule = new ConstantSchedule(0) }) { Observers = [this] };
    }

    public string Identity => "one random batch";

    public int Batches => int.MaxValue;

    /// <summary>Makes a step.</summary>
    /// <returns>Its duration in milliseconds.</returns>
    public double Run()
    {
        _afterStep.Dispose();
        _afterStep = new();
        _trainer.Run(_afterStep.Token);
        return _milliseconds;
    }

    public bool TryNext(int epoch, out TrainingBatch batch)
    {
        (batch, _start) = (_batch, Stopwatch.GetTimestamp());
        return true;
    }

    public void OnStep(StepMetrics metrics)
    {
        _milliseconds = Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
        _afterStep.Cancel();
    }

    public void OnEpoch(EpochMetrics metrics)
    {
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _afterStep.Dispose();
    }
}
