using System.Collections.Concurrent;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Networks;

/// <summary>Sessions of a network's current weights, lent to one caller each, so that concurrent callers never wait for one another.</summary>
sealed class SessionPool(Network network) : IDisposable
{
    readonly ConcurrentBag<(DeviceModel Model, Session Session)> _idle = [];
    volatile bool _disposed;

    /// <summary>Lends an idle session, or a new one.</summary>
    /// <exception cref="ObjectDisposedException">The network is disposed.</exception>
    public LentSession Lend()
    {
        var current = network.CurrentModel();
        while (_idle.TryTake(out var idle))
        {
            if (idle.Model == current) return new(this, idle.Model, idle.Session);
            idle.Session.Dispose();
        }
        var (model, session) = network.OpenSession();
        return new(this, model, session);
    }

    /// <summary>Releases the idle sessions; those that are lent are released when they come back.</summary>
    public void Dispose()
    {
        _disposed = true;
        DisposeIdle();
    }

    public void Return(LentSession lent)
    {
        _idle.Add((lent.Model, lent.Session));
        // A call that disposed the pool meanwhile has not seen this session.
        if (_disposed) DisposeIdle();
    }

    void DisposeIdle()
    {
        while (_idle.TryTake(out var idle)) idle.Session.Dispose();
    }
}

/// <summary>A session until it is given back.</summary>
readonly record struct LentSession(SessionPool Pool, DeviceModel Model, Session Session) : IDisposable
{
    public void Dispose() => Pool.Return(this);
}
