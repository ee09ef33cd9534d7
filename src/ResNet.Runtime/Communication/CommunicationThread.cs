using System.Runtime.ExceptionServices;

namespace ResNet.Runtime.Communication;

/// <summary>
/// Makes calls of a communicator in the order of their requests, on a thread of its own, while others compute. A blocking call on a thread makes progress
/// by itself; a non-blocking call makes progress only while a thread polls it.
/// </summary>
sealed class CommunicationThread : IDisposable
{
    readonly object _gate = new();
    readonly Communicator _communicator;
    readonly Queue<Action<Communicator>> _jobs = [];
    bool _isBusy, _disposed;
    ExceptionDispatchInfo? _failure;

    public CommunicationThread(Communicator communicator)
    {
        _communicator = communicator;
        new Thread(Work) { IsBackground = true, Name = "ResNet communication" }.Start();
    }

    /// <summary>Requests calls, and returns at once.</summary>
    public void Begin(Action<Communicator> job)
    {
        lock (_gate)
        {
            _jobs.Enqueue(job);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when all requested calls are made. Throws the exception of a call that failed; no call is made after that.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (_failure is null && (_isBusy || _jobs.Count > 0)) Monitor.Wait(_gate);
            _failure?.Throw();
        }
    }

    /// <summary>Ends the thread after its present call, if there is one, which may never return.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }
    }

    void Work()
    {
        while (Next() is { } job)
        {
            try
            {
                job(_communicator);
            }
#pragma warning disable CA1031 // Wait throws it
            catch (Exception exception)
#pragma warning restore CA1031
            {
                lock (_gate) _failure = ExceptionDispatchInfo.Capture(exception);
            }
            lock (_gate)
            {
                _isBusy = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The next job; null at the end.</summary>
    Action<Communicator>? Next()
    {
        lock (_gate)
        {
            while (_jobs.Count == 0 && !_disposed) Monitor.Wait(_gate);
            if (_disposed || _failure is not null) return null;
            _isBusy = true;
            return _jobs.Dequeue();
        }
    }
}
