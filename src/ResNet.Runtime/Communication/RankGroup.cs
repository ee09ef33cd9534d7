namespace ResNet.Runtime.Communication;

/// <summary>The ranks within a process, their meeting point, and the values that they give each other there.</summary>
/// <param name="size">Number of ranks.</param>
sealed class RankGroup(int size)
{
    readonly object _gate = new();
    readonly Array?[] _values = new Array?[size];
    readonly Collective[] _calls = new Collective[size];
    int _here;
    long _round;
    string? _aborted;

    /// <summary>Gives values to the others, and returns the values of all when they are there; these stay until <see cref="Meet"/>.</summary>
    /// <param name="rank">Number of the rank.</param>
    /// <param name="call">The call that it makes.</param>
    /// <param name="values">Its values; null if it has none to give.</param>
    /// <exception cref="CommunicationException">A rank has ended all, or makes another call.</exception>
    public Array?[] Give(int rank, Collective call, Array? values)
    {
        (_calls[rank], _values[rank]) = (call, values);
        Meet();
        var other = Array.FindIndex(_calls, one => one != call);
        if (other < 0) return _values;
        Abort($"rank {rank} makes {call}, rank {other} {_calls[other]}");
        throw new CommunicationException(_aborted!);
    }

    /// <summary>Returns when all ranks are here.</summary>
    /// <exception cref="CommunicationException">A rank has ended all.</exception>
    public void Meet()
    {
        lock (_gate)
        {
            var round = _round;
            if (++_here == size)
            {
                _here = 0;
                _round++;
                Monitor.PulseAll(_gate);
            }
            while (_round == round)
            {
                if (_aborted is { } message) throw new CommunicationException(message);
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Ends the waiting of all ranks; the first of several messages is told.</summary>
    public void Abort(string message)
    {
        lock (_gate)
        {
            _aborted ??= message;
            Monitor.PulseAll(_gate);
        }
    }
}
