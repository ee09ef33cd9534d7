using System.Runtime.ExceptionServices;

namespace ResNet.Runtime.Cpu.Threads;

/// <summary>Work that can be done in parts, each by any thread.</summary>
interface ICpuJob
{
    void Execute(int part, int parts);
}

/// <summary>
/// Threads that compute the parts of one job after another, beside the thread that asks for it. Handing out a job
/// allocates nothing and takes about a microsecond.
/// </summary>
/// <remarks>
/// A part falls to the same thread each time, whose cache has what it computed last, unless that thread is late: something
/// else may use its core. Then a thread that is done takes the part over. A caller that finds the threads busy with another
/// caller's job does its own by itself.
/// </remarks>
sealed class CpuWorkers : IDisposable
{
    readonly Thread[] _threads;
    readonly Gate _started = new();
    readonly Gate _finished = new();
    ICpuJob? _job;
    int _parts;
    int _left;
    int _busy;
    bool _disposed;
    ExceptionDispatchInfo? _failure;

    /// <summary>Number of the job in hand.</summary>
    long _number;

    /// <summary>For each part, the latest job in which a thread claimed it. A late thread finds nothing to claim of a job that has ended.</summary>
    long[] _taken = [];

    /// <param name="threads">Threads that compute, the caller's included; 0 for one per core.</param>
    public CpuWorkers(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        this._threads = new Thread[(threads == 0 ? ProcessorCores.Count : threads) - 1];
        for (var i = 0; i < this._threads.Length; i++)
        {
            var index = i + 1;
            this._threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"ResNet worker {index}" };
            this._threads[i].Start();
        }
    }

    /// <summary>Threads that compute, the caller's included: a good number of parts.</summary>
    public int Count => _threads.Length + 1;

    /// <summary>Threads that use no processor, having had nothing to do for about a millisecond.</summary>
    public int Sleeping => _started.Sleepers;

    /// <summary>Returns when all parts are done. An exception of any part is thrown here, once all have ended.</summary>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    public void Run(ICpuJob job, int parts)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        if (parts == 1 || _threads.Length == 0 || Interlocked.Exchange(ref _busy, 1) == 1)
        {
            for (var part = 0; part < parts; part++) job.Execute(part, parts);
            return;
        }
        if (_taken.Length < parts)
        {
            // A late thread must find nothing to take in there of the jobs before.
            var larger = new long[parts];
            Array.Fill(larger, _number);
            _taken = larger;
        }
        var next = _number + 1;
        _taken.AsSpan(parts).Fill(next);
        (this._job, this._parts, _left, _failure) = (job, parts, parts, null);
        var seen = _finished.Count;
        Volatile.Write(ref _number, next);
        _started.Advance();
        if (!Take(next, first: 0)) _finished.WaitWhile(seen);
        this._job = null;
        var failed = _failure;
        Volatile.Write(ref _busy, 0);
        failed?.Throw();
    }

    /// <summary>Ends the threads, after the job in hand.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        // A job in hand belongs to a caller who will see it finished.
        while (Interlocked.Exchange(ref _busy, 1) == 1) Thread.Yield();
        _started.Advance();
        foreach (var thread in _threads) thread.Join();
    }

    void Work(int index)
    {
        while (true)
        {
            var seen = _started.Count;
            if (Volatile.Read(ref _disposed)) return;
            if (Take(Volatile.Read(ref _number), index)) _finished.Advance();
            _started.WaitWhile(seen);
        }
    }

    /// <summary>Computes the parts of a job that no thread has taken, the thread's own first.</summary>
    /// <returns>Whether the last of all parts to be done was among them.</returns>
    bool Take(long number, int first)
    {
        var taken = this._taken;
        for (var i = 0; i < taken.Length; i++)
        {
            var part = (first + i) % taken.Length;
            var last = Volatile.Read(ref taken[part]);
            if (last >= number || Interlocked.CompareExchange(ref taken[part], number, last) != last) continue;
            Execute(part);
            if (Interlocked.Decrement(ref _left) == 0) return true;
        }
        return false;
    }

    void Execute(int part)
    {
        try
        {
            _job!.Execute(part, _parts);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }
}
