using System.Diagnostics;
using ResNet.Runtime.Data;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Runs;

/// <summary>The cost of a run.</summary>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="Epochs">Epochs, if none is saved by stopping early.</param>
/// <param name="MemoryBytes">Memory for activations, gradients, weights, optimizer and batches; images that are kept in memory come on top.</param>
/// <param name="Step">Time of a step.</param>
/// <param name="Duration">Time of all steps and of validation.</param>
public sealed record RunEstimate(int StepsPerEpoch, int Epochs, long MemoryBytes, TimeSpan Step, TimeSpan Duration);

/// <summary>Times steps of training.</summary>
static class StepTimer
{
    const int Steps = 10;

    /// <summary>Seconds of a step, the mean of ten after a first one, the loading of images included.</summary>
    public static double Measure(Network network, DataLoader batches, TrainerOptions options, CancellationToken cancellationToken)
    {
        var statistics = network.Parameters.ReadStatistics().ToArray();
        using var session = network.CreateTrainingSession(new TrainingSessionOptions { FreezeStatisticsThrough = options.FreezeStatisticsThrough(network.Definition) });
        try
        {
            var timer = new Stopwatch();
            for (int step = 0, epoch = 0; step <= Steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step == 1) timer.Start();
                // An epoch may be shorter than ten steps.
                if (!batches.TryNext(epoch, out var batch) && !batches.TryNext(++epoch, out batch))
                    throw new DatasetException("Expected images to train on, found none that can be read");
                session.Run(batch.Images.Span, batch.Labels.Span);
            }
            return timer.Elapsed.TotalSeconds / Steps;
        }
        finally
        {
            statistics.CopyTo(network.Parameters.EditStatistics());
        }
    }
}

/// <summary>Adds up the memory of a run.</summary>
static class MemoryEstimate
{
    /// <summary>Batches that are kept while they are prepared and used.</summary>
    const int Batches = 3;

    /// <summary>Bytes that training takes.</summary>
    public static long Of(Network network, int batch, TrainerOptions options)
    {
        var parameters = network.Parameters.ReadTrained().Length + (long)network.Parameters.ReadStatistics().Length;
        // Weights, gradients and the mean of several batches', the optimizer's vectors and the average.
        var copies = 2 + (options.Accumulate > 1 ? 1 : 0) + options.Optimizer.State.Count + (options.AverageDecay is null ? 0 : 1);
        return sizeof(float) * (batch * (network.CountTrainingElements() + Batches * network.Definition.Input.Elements) + copies * parameters);
    }
}
