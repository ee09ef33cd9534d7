using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// The packed weights of the layers of one set of parameters. Forward passes for images of several sizes share them, wherever their algorithms want the
/// same layout; each lives as long as a pass uses it.
/// </summary>
sealed class PackedWeights
{
    readonly Lock _lock = new();

    // Weak: passes that are forgotten rather than disposed leave nothing behind.
    readonly Dictionary<(int Layer, int? Norm, PackingLayout Layout), WeakReference<PackedLayer>> _layers = [];
    int _version;

    /// <summary>Begins to bind a pass to the parameters as they are now: what was packed of others is lent no more.</summary>
    /// <param name="version">The parameters' version.</param>
    public void Begin(int version)
    {
        lock (_lock)
        {
            if (version != _version) _layers.Clear();
            _version = version;
        }
    }

    /// <summary>Lends memory for a layer's weights, which may have been packed into it already.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="norm">Index of the batch normalization that is folded in; null for none.</param>
    /// <param name="layout">The layout of the packed weights.</param>
    /// <param name="length">Floats of them.</param>
    public PackedLayer Lend(int layer, int? norm, PackingLayout layout, long length)
    {
        lock (_lock)
        {
            if (_layers.TryGetValue((layer, norm, layout), out var known) && known.TryGetTarget(out var packed) && packed.TryUse()) return packed;
            var made = new PackedLayer(length);
            _layers[(layer, norm, layout)] = new(made);
            return made;
        }
    }
}

/// <summary>Packed weights of a layer. Disposed once by each of its users, the last of which frees them.</summary>
/// <param name="length">Floats.</param>
sealed class PackedLayer(long length) : IDisposable
{
    readonly Lock _lock = new();
    int _users = 1;

    public NativeBuffer Memory { get; } = new(length, clear: false);

    /// <summary>Whether the weights have been packed; of several parts, all.</summary>
    public bool IsPacked { get; set; }

    /// <summary>Counts a further user; false if it is freed already.</summary>
    public bool TryUse()
    {
        lock (_lock) return _users > 0 && ++_users > 0;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (--_users == 0) Memory.Dispose();
        }
    }
}
