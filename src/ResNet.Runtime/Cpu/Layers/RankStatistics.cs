using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// Sums over ranks for the batch normalization of a layer, in double precision: the same bits on each rank, so that running statistics stay equal. It may be called while
/// gradients are under way, and waits for its turn.
/// </summary>
sealed class RankStatistics
{
    readonly CommunicationThread _thread;
    readonly double[] _values;
    readonly Action<Communicator> _sum;

    /// <param name="thread">Sums over ranks.</param>
    /// <param name="channels">Channels of the layer.</param>
    /// <param name="name">Name of the layer.</param>
    public RankStatistics(CommunicationThread thread, int channels, string name)
    {
        var purpose = $"statistics of {name}";
        (_thread, _values, _sum) = (thread, new double[2 * channels + 1], communicator => communicator.Sum(_values, purpose));
    }

    /// <summary>Makes means and sums of squared deviations of this rank's values those of all ranks' values.</summary>
    /// <param name="mean">By channel.</param>
    /// <param name="squares">By channel.</param>
    /// <param name="count">Values per channel of this rank.</param>
    /// <returns>Values per channel of all ranks.</returns>
    public long Combine(double[] mean, double[] squares, long count)
    {
        for (var c = 0; c < mean.Length; c++) (mean[c], squares[c]) = (mean[c] * count, squares[c] + mean[c] * mean[c] * count);
        var all = Add(mean, squares, count);
        for (var c = 0; c < mean.Length; c++)
        {
            mean[c] /= all;
            squares[c] = Math.Max(0, squares[c] - mean[c] * mean[c] * all);
        }
        return all;
    }

    /// <summary>Adds up two sums per channel.</summary>
    /// <param name="first">By channel.</param>
    /// <param name="second">By channel.</param>
    /// <param name="count">Values per channel of this rank.</param>
    /// <returns>Values per channel of all ranks.</returns>
    public long Add(double[] first, double[] second, long count)
    {
        var channels = first.Length;
        first.CopyTo(_values, 0);
        second.CopyTo(_values, channels);
        _values[^1] = count;
        _thread.Begin(_sum);
        _thread.Wait();
        _values.AsSpan(0, channels).CopyTo(first);
        _values.AsSpan(channels, channels).CopyTo(second);
        return (long)_values[^1];
    }
}
