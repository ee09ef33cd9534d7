using ResNet.Dsl;
using ResNet.Runtime.Networks;

namespace ResNet.Runtime.Classification;

/// <summary>
/// A network for inputs of its own size and, over the same weights, of others, in its fully convolutional form. Of the others, each with activations of
/// its own, the few that were used last are kept. Its methods may be called from several threads at once.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="capacity">Other sizes that are kept.</param>
sealed class SizedNetworks(Network network, int capacity = SizedNetworks.Capacity) : IDisposable
{
    /// <summary>Sizes that are kept: of the paper's five scales, those of an upright and of a lying shape of pictures.</summary>
    public const int Capacity = 10;

    readonly Lock _lock = new();
    readonly SessionPool _own = new(network);

    // At its own size, a network is cheaper as it is.
    readonly NetworkDefinition _form = network.Definition.ToFullyConvolutional();

    // The least recently used first.
    readonly List<SizedNetwork> _others = [];
    bool _disposed;

    /// <summary>Lends a session of the network for inputs of a size.</summary>
    /// <param name="height">Rows of an input.</param>
    /// <param name="width">Columns of an input.</param>
    public SizedSession Rent(int height, int width)
    {
        if ((height, width) == (network.Definition.Input.Height, network.Definition.Input.Width)) return new(_own.Lend(), null);
        var sized = Use(height, width);
        try
        {
            return new(sized.Sessions.Lend(), () => Release(sized));
        }
        catch
        {
            Release(sized);
            throw;
        }
    }

    /// <summary>Checks that there is a network for inputs of a size, without making it.</summary>
    /// <exception cref="NetworkException">The size does not fit a layer.</exception>
    public void Check(int height, int width) => _form.WithInputSize(height, width);

    /// <summary>Releases what is kept. No session may still be lent.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var sized in _others) sized.Dispose();
            _others.Clear();
        }
        _own.Dispose();
    }

    SizedNetwork Use(int height, int width)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var sized = _others.Find(other => other.Size == (height, width));
            if (sized is null) sized = new(network.Reform(_form.WithInputSize(height, width)));
            else _others.Remove(sized);
            _others.Add(sized);
            sized.Users++;
            return sized;
        }
    }

    void Release(SizedNetwork sized)
    {
        lock (_lock)
        {
            sized.Users--;
            while (_others.Count > capacity && _others.Find(other => other.Users == 0) is { } oldest)
            {
                _others.Remove(oldest);
                oldest.Dispose();
            }
        }
    }

    sealed class SizedNetwork(Network network) : IDisposable
    {
        public (int Height, int Width) Size { get; } = (network.Definition.Input.Height, network.Definition.Input.Width);

        public SessionPool Sessions { get; } = new(network);

        /// <summary>Number of sessions that are lent.</summary>
        public int Users { get; set; }

        public void Dispose()
        {
            Sessions.Dispose();
            network.Dispose();
        }
    }
}

/// <summary>A session until it is given back.</summary>
/// <param name="Lent">The session.</param>
/// <param name="Release">Ends the use of the network of that size; null for a network of its own size, which stays.</param>
readonly record struct SizedSession(LentSession Lent, Action? Release) : IDisposable
{
    public Session Session => Lent.Session;

    public void Dispose()
    {
        Lent.Dispose();
        Release?.Invoke();
    }
}
