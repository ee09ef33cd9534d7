using System.Runtime.InteropServices;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Training;

/// <summary>
/// The common part of trainers of several ranks: each computes the gradients of its part of a batch, the gradients are added up, and all make the same step. It does nothing with one rank.
/// </summary>
/// <param name="communicator">The ranks.</param>
sealed class Ranks(Communicator communicator)
{
    readonly double[] _numbers = new double[4];

    /// <summary>Number of ranks.</summary>
    public int Count => communicator.Size;

    /// <summary>Whether this rank writes the files of all.</summary>
    public bool Writes => communicator.Rank == 0;

    /// <summary>The part of every batch that this rank computes.</summary>
    public DataShard Shard => new(communicator.Rank, Count);

    /// <summary>The seed of dropout: each rank drops by itself, and the first one like a process that is alone.</summary>
    public ulong SeedOf(ulong seed) => communicator.Rank == 0 ? seed : new CounterRandom(seed, "rank")[communicator.Rank];

    /// <summary>The identity of the batches, the same on each rank that has its own shard of them.</summary>
    public string IdentityOf(IBatchSource batches) =>
        Count == 1 ? batches.Identity : batches.Identity.Replace($"{Shard}", $"one of {Count} shards", StringComparison.Ordinal);

    /// <summary>Checks that a loader reads this rank's part of the batches.</summary>
    /// <exception cref="ArgumentException">It reads another part.</exception>
    public void CheckShard(IBatchSource batches)
    {
        if (Count > 1 && batches is DataLoader && IdentityOf(batches) == batches.Identity)
            throw new ArgumentException($"The loader of rank {communicator.Rank} of {Count} does not read {Shard}: {batches.Identity}", nameof(batches));
    }

    /// <summary>Checks that a run that is resumed has as many ranks as before.</summary>
    /// <exception cref="InvalidOperationException">It has another number.</exception>
    public void CheckCount(string path, int before)
    {
        if (before != Count)
            throw new InvalidOperationException($"{path} was written by a run of {Text(before)}, and this one has {Text(Count)}: batches, statistics and sums of a run follow from their number");

        static string Text(int ranks) => ranks == 1 ? "1 rank" : $"{ranks} ranks";
    }

    /// <summary>Compares the facts that have to be the same on all ranks, before the first step.</summary>
    /// <param name="options">The options of training, as JSON.</param>
    /// <param name="images">The identity of the images.</param>
    /// <param name="networks">The parameters of each network.</param>
    /// <exception cref="CommunicationException">Something differs; the message names it.</exception>
    public void CompareSettings(string options, string images, params ReadOnlySpan<Parameters> networks)
    {
        if (Count > 1) RankComparison.Settings(communicator, options, images, networks);
    }

    /// <summary>Compares weights and running statistics.</summary>
    /// <param name="step">Number of steps that were made.</param>
    /// <param name="networks">The parameters of each network.</param>
    /// <exception cref="CommunicationException">Something differs; the message names it.</exception>
    public void CompareWeights(long step, params ReadOnlySpan<Parameters> networks)
    {
        if (Count > 1) RankComparison.Weights(communicator, step, networks);
    }

    /// <summary>Agrees on a batch before it is computed.</summary>
    /// <param name="images">Images of this rank's part; 0 at the epoch's end.</param>
    /// <param name="stops">Whether this rank is to stop.</param>
    /// <param name="failure">The reason that this rank has no batch; null if it has one, or is at the epoch's end.</param>
    /// <param name="isAtEnd">Whether this rank is at the epoch's end; all have to be.</param>
    public Agreement Agree(int images, bool stops, Exception? failure, bool isAtEnd = false)
    {
        if (Count == 1) return new(images, stops, failure);
        (_numbers[0], _numbers[1], _numbers[2], _numbers[3]) = (images, stops ? 1 : 0, failure is null ? 0 : 1, isAtEnd ? 1 : 0);
        communicator.Sum(_numbers, "images of a batch, and whether to stop");
        if (_numbers[2] > 0) failure = Tell(failure);
        else if (_numbers[1] == 0 && _numbers[3] > 0 && _numbers[3] < Count) failure = new CommunicationException($"{_numbers[3]} of {Count} ranks are at the end of the epoch, and the others have a further batch");
        return new((int)_numbers[0], _numbers[1] > 0, failure);
    }

    /// <summary>Adds up gradients, a bucket at a time; those that come while others are still computed go through a <see cref="GradientExchange"/>.</summary>
    public void SumGradients(Span<float> gradients)
    {
        for (var first = 0; Count > 1 && first < gradients.Length; first += TrainerOptions.UsualBucketBytes / sizeof(float))
            communicator.Sum(gradients[first..Math.Min(first + TrainerOptions.UsualBucketBytes / sizeof(float), gradients.Length)], "gradients");
    }

    /// <summary>Adds up the measurements of a step.</summary>
    public void SumMeasured(Span<double> values)
    {
        if (Count > 1) communicator.Sum(values, "losses and right guesses");
    }

    /// <summary>Gives all ranks the running statistics of the first.</summary>
    public void ShareStatistics(Parameters parameters)
    {
        if (Count > 1) communicator.Broadcast(MemoryMarshal.AsBytes(parameters.EditStatistics()), root: 0, "running statistics");
    }

    /// <summary>Returns the first rank's value of a measurement, from which all ranks go on.</summary>
    public double? Share(double? score)
    {
        if (Count == 1) return score;
        Span<double> value = [score ?? double.NaN];
        communicator.Broadcast(MemoryMarshal.AsBytes(value), root: 0, "validation");
        return score is null ? null : value[0];
    }

    /// <summary>Runs the work of all ranks. An exception of one rank alone ends all, since the others would wait for it.</summary>
    public T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Count > 1 && e is not (CommunicationException or TrainingDivergedException))
        {
            communicator.Abort(e.Message);
            throw;
        }
    }

    /// <summary>Returns when all ranks are here: all can then read the files of the first one.</summary>
    public void Meet()
    {
        if (Count > 1) communicator.Barrier("the end of training");
    }

    /// <summary>Tells all ranks the reason of the first one that failed.</summary>
    Exception Tell(Exception? own)
    {
        var failed = Array.IndexOf(communicator.Gather(own is null ? 0 : 1, "which rank has failed"), 1);
        var message = communicator.Broadcast(own?.Message ?? "", failed, "why a rank has failed");
        return own ?? new CommunicationException($"rank {failed} of {Count}: {message}");
    }
}

/// <summary>The agreement of all ranks before a batch is computed.</summary>
/// <param name="Images">Images of all ranks' parts.</param>
/// <param name="Stops">Whether all ranks stop, because one is to stop.</param>
/// <param name="Failure">The reason that a rank has no batch; null if all have one, or are at the epoch's end.</param>
readonly record struct Agreement(int Images, bool Stops, Exception? Failure);
