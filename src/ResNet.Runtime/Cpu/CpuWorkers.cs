using System.Runtime.ExceptionServices;

namespace ResNet.Runtime.Cpu;

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
/// A part always falls to the same thread, whose cache has what it computed last. A caller that finds the threads busy
/// with another caller's job does its own by itself.
/// </remarks>
sealed class CpuWorkers : IDisposable
{
    readonly Thread[] threads;
    readonly Gate started = new();
    readonly Gate finished = new();
    ICpuJob? job;
    int parts;
    int running;
    int busy;
    bool disposed;
    ExceptionDispatchInfo? failure;

    /// <param name="threads">Threads that compute, the caller's included; 0 for one per core.</param>
    public CpuWorkers(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        this.threads = new Thread[(threads == 0 ? ProcessorCores.Count : threads) - 1];
        for (var i = 0; i < this.threads.Length; i++)
        {
            var index = i + 1;
            this.threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"ResNet worker {index}" };
            this.threads[i].Start();
        }
    }

    /// <summary>Threads that compute, the caller's included: a good number of parts.</summary>
    public int Count => threads.Length + 1;

    /// <summary>Threads that use no processor, having had nothing to do for about a millisecond.</summary>
    public int Sleeping => started.Sleepers;

    /// <summary>Returns when all parts are done. An exception of any part is thrown here, once all have ended.</summary>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    public void Run(ICpuJob job, int parts)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed), this);
        if (parts == 1 || threads.Length == 0 || Interlocked.Exchange(ref busy, 1) == 1)
        {
            for (var part = 0; part < parts; part++) job.Execute(part, parts);
            return;
        }
        (this.job, this.parts, running, failure) = (job, parts, threads.Length, null);
        var seen = finished.Count;
        started.Advance();
        Execute(0);
        finished.WaitWhile(seen);
        this.job = null;
        var failed = failure;
        Volatile.Write(ref busy, 0);
        failed?.Throw();
    }

    /// <summary>Ends the threads, after the job in hand.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        // A job in hand belongs to a caller who will see it finished.
        while (Interlocked.Exchange(ref busy, 1) == 1) Thread.Yield();
        job = null;
        started.Advance();
        foreach (var thread in threads) thread.Join();
    }

    void Work(int index)
    {
        for (var seen = 0; ; seen++)
        {
            started.WaitWhile(seen);
            if (job is null) return;
            Execute(index);
            if (Interlocked.Decrement(ref running) == 0) finished.Advance();
        }
    }

    void Execute(int index)
    {
        try
        {
            for (var part = index; part < parts; part += Count) job!.Execute(part, parts);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }
}
