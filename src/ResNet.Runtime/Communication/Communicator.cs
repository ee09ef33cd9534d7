using System.Text;

namespace ResNet.Runtime.Communication;

/// <summary>
/// Several ranks, usually processes, that compute together. All of them make the same calls in the same order; a call returns when its result is there, and waits for the
/// other ranks until then. A rank makes one call at a time, from any thread.
/// </summary>
public abstract class Communicator : IDisposable
{
    readonly Timer _watch;
    Collective _current;
    long _number;

    /// <summary>Creates the communicator of one rank.</summary>
    /// <param name="rank">Number of this rank, from 0 on.</param>
    /// <param name="size">Number of ranks.</param>
    protected Communicator(int rank, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        (Rank, Size) = (rank, size);
        _watch = new(_ => Abort(HangMessage()), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The communicator of a process that computes alone: one rank, whose sums are its own values.</summary>
    public static Communicator Single { get; } = new SingleCommunicator();

    /// <summary>Number of this rank, from 0 on.</summary>
    public int Rank { get; }

    /// <summary>Number of ranks.</summary>
    public int Size { get; }

    /// <summary>The name of the connection between the ranks, for people.</summary>
    public abstract string Name { get; }

    /// <summary>The time after which a call that has not returned ends all ranks by <see cref="Abort"/>, with a message that names the call; null waits forever.</summary>
    public TimeSpan? Watchdog { get; init; }

    /// <summary>Creates ranks within this process, one for each thread, for trials of programs and for tests. Sums are added in the order of the ranks.</summary>
    /// <param name="size">Number of ranks.</param>
    /// <param name="watchdog">The <see cref="Watchdog"/> of each.</param>
    public static IReadOnlyList<Communicator> InProcess(int size, TimeSpan? watchdog = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var group = new RankGroup(size);
        return [.. Enumerable.Range(0, size).Select(rank => new InProcessCommunicator(group, rank, size) { Watchdog = watchdog })];
    }

    /// <summary>Replaces each value by its sum over all ranks, the same bits on each.</summary>
    /// <param name="values">The values, as many on each rank.</param>
    /// <param name="purpose">The meaning of the values, for messages.</param>
    /// <exception cref="CommunicationException">Another rank has ended, or makes another call.</exception>
    public void Sum(Span<float> values, string purpose)
    {
        Begin(new("the sum of", values.Length, "floats", purpose));
        try
        {
            SumValues(values);
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc cref="Sum(Span{float}, string)"/>
    public void Sum(Span<double> values, string purpose)
    {
        Begin(new("the sum of", values.Length, "doubles", purpose));
        try
        {
            SumValues(values);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Replaces the values by those of one rank.</summary>
    /// <param name="values">The values, as many on each rank.</param>
    /// <param name="root">The rank whose values all ranks get.</param>
    /// <param name="purpose">The meaning of the values, for messages.</param>
    /// <exception cref="CommunicationException">Another rank has ended, or makes another call.</exception>
    public void Broadcast(Span<byte> values, int root, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        Begin(new("the broadcast of", values.Length, "bytes", purpose));
        try
        {
            BroadcastBytes(values, root);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Returns when all ranks have made this call.</summary>
    /// <param name="purpose">The reason, for messages.</param>
    /// <exception cref="CommunicationException">Another rank has ended, or makes another call.</exception>
    public void Barrier(string purpose)
    {
        Begin(new("the barrier of", Size, "ranks", purpose));
        try
        {
            Meet();
        }
        finally
        {
            End();
        }
    }

    /// <summary>Ends all ranks and gives the reason: processes by their error streams, ranks within a process by <see cref="CommunicationException"/>.</summary>
    /// <param name="message">The reason.</param>
    public void Abort(string message) => EndAll($"rank {Rank} of {Size}: {message}");

    /// <summary>Leaves the other ranks. Each rank has to do so, and makes no call afterwards.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns a text of one rank.</summary>
    /// <param name="text">The text; ignored on other ranks than <paramref name="root"/>.</param>
    /// <param name="root">The rank whose text all ranks get.</param>
    /// <param name="purpose">The meaning of the values, for messages.</param>
    internal string Broadcast(string text, int root, string purpose)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = BitConverter.GetBytes(bytes.Length);
        Broadcast(length, root, purpose);
        if (Rank != root) bytes = new byte[BitConverter.ToInt32(length)];
        Broadcast(bytes, root, purpose);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Returns the value of each rank.</summary>
    /// <param name="value">The value of this rank.</param>
    /// <param name="purpose">The meaning of the values, for messages.</param>
    /// <exception cref="CommunicationException">Another rank has ended, or makes another call.</exception>
    public double[] Gather(double value, string purpose)
    {
        var values = new double[Size];
        values[Rank] = value;
        Sum(values, purpose);
        return values;
    }

    /// <summary>The call that is being made.</summary>
    internal Collective Current => _current;

    /// <summary>Implements <see cref="Sum(Span{float}, string)"/>.</summary>
    /// <param name="values">The values.</param>
    protected abstract void SumValues(Span<float> values);

    /// <summary>Implements <see cref="Sum(Span{double}, string)"/>.</summary>
    /// <param name="values">The values.</param>
    protected abstract void SumValues(Span<double> values);

    /// <summary>Implements <see cref="Broadcast(Span{byte}, int, string)"/>.</summary>
    /// <param name="values">The values.</param>
    /// <param name="root">The rank whose values all ranks get.</param>
    protected abstract void BroadcastBytes(Span<byte> values, int root);

    /// <summary>Implements <see cref="Barrier"/>.</summary>
    protected abstract void Meet();

    /// <summary>Implements <see cref="Abort"/>.</summary>
    /// <param name="message">The reason, and the rank that has asked for it.</param>
    protected abstract void EndAll(string message);

    /// <summary>Leaves the other ranks.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _watch.Dispose();
    }

    void Begin(Collective call)
    {
        _current = call;
        _number++;
        if (Watchdog is { } time) _watch.Change(time, Timeout.InfiniteTimeSpan);
    }

    void End()
    {
        if (Watchdog is not null) _watch.Change(Timeout.Infinite, Timeout.Infinite);
    }

    string HangMessage() => FormattableString.Invariant(
        $"has waited for {Watchdog!.Value.TotalSeconds:0.###} s in {_current}, its call number {_number}: another rank does not make the call, or does not answer");
}
