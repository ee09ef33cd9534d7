using System.Diagnostics.CodeAnalysis;
using ResNet.Dsl;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime;

/// <summary>
/// The parameters and running statistics of one network, in PyTorch's layouts (a convolution's weight is
/// out × in/groups × k × k). Trained tensors lie one after the other, without gaps, in <see cref="ReadTrained"/>; running
/// statistics in <see cref="ReadStatistics"/>; both in the order of <see cref="NetworkDefinition.Layers"/>.
/// Every device packs its own copy from here, and packs again when <see cref="Version"/> has moved.
/// </summary>
public sealed class Parameters
{
    float[] _trained, _statistics;
    readonly Dictionary<string, ParameterTensor> _byName;
    volatile ParameterFetch? _fetch;
    int _version;

    // Keyed by a number, not by a pair: dictionaries of numbers are code that the framework ships compiled.
    readonly Dictionary<int, ParameterTensor> _byLayer = [];

    /// <summary>Creates the parameters of a network, all of them zero until they are loaded or initialized.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">The network has more parameters than one array holds.</exception>
    public Parameters(NetworkDefinition network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        Layers = network.Layers();
        var infos = Layers.SelectMany(layer => layer.Parameters).ToList();
        _trained = Allocate(network, infos.Where(info => info.IsTrained).Sum(info => info.Elements));
        _statistics = Allocate(network, infos.Where(info => !info.IsTrained).Sum(info => info.Elements));

        var tensors = new List<ParameterTensor>(infos.Count);
        int trained = 0, statistics = 0;
        foreach (var layer in Layers)
            foreach (var info in layer.Parameters)
            {
                ref var offset = ref info.IsTrained ? ref trained : ref statistics;
                var tensor = new ParameterTensor(this, info, offset);
                offset += tensor.Length;
                tensors.Add(tensor);
                _byLayer.Add(Key(layer.Index, info.Kind), tensor);
            }
        Tensors = tensors;
        _byName = tensors.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>The network that the parameters belong to.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>
    /// Held while values change as a whole, and while a device packs them, so that what it packs is of one state. Taken before the
    /// lock of a network.
    /// </summary>
    internal Lock Gate { get; } = new();

    /// <summary>The unrolled layers of <see cref="Network"/>.</summary>
    internal IReadOnlyList<LayerInstance> Layers { get; }

    /// <summary>Every tensor, trained or not, in the order of the layers.</summary>
    public IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>Moves with every change. May be read while another thread changes parameters.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>
    /// All trained tensors as one vector; a gradient of the network is laid out the same way. Where a device holds newer values,
    /// they are copied from there first.
    /// </summary>
    public ReadOnlySpan<float> ReadTrained() => Fetched(ref _trained);

    /// <summary>All running statistics as one vector. Where a device holds newer values, they are copied from there first.</summary>
    public ReadOnlySpan<float> ReadStatistics() => Fetched(ref _statistics);

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">Full name, such as <c>layer1.0.conv1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">The network has no tensor of that name.</exception>
    public ParameterTensor this[string name] => TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"The network {Network.Name} has no parameter \"{name}\"");

    /// <summary>The tensor of that kind in a layer.</summary>
    /// <param name="layer">Index of the layer in <see cref="NetworkDefinition.Layers"/>.</param>
    /// <param name="kind">The kind of the tensor.</param>
    /// <exception cref="KeyNotFoundException">The layer has no such tensor.</exception>
    public ParameterTensor this[int layer, ParameterKind kind] => TryGetValue(layer, kind, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"Layer {layer} of the network {Network.Name} has no {kind}");

    /// <summary>Looks for the tensor of that name.</summary>
    /// <param name="name">Full name.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetValue(string name, [NotNullWhen(true)] out ParameterTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Looks for a tensor of a layer: not every convolution has a bias.</summary>
    /// <param name="layer">Index of the layer in <see cref="NetworkDefinition.Layers"/>.</param>
    /// <param name="kind">The kind of the tensor.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetValue(int layer, ParameterKind kind, [NotNullWhen(true)] out ParameterTensor? tensor) => _byLayer.TryGetValue(Key(layer, kind), out tensor);

    /// <summary>Changes the trained tensors, which lie as <see cref="ReadTrained"/> gives them.</summary>
    /// <param name="change">Writes to them; they can be written to during the call only.</param>
    public void EditTrained(Action<Span<float>> change) => Edit(Fetched(ref _trained), change);

    /// <summary>Changes the running statistics, which lie as <see cref="ReadStatistics"/> gives them.</summary>
    /// <param name="change">Writes to them; they can be written to during the call only.</param>
    public void EditStatistics(Action<Span<float>> change) => Edit(Fetched(ref _statistics), change);

    /// <summary><see cref="ReadTrained"/>, to write to. Counts as a change; ask anew for every change.</summary>
    internal Span<float> EditTrained() => Edit(Fetched(ref _trained));

    /// <summary><see cref="ReadStatistics"/>, to write to. Counts as a change; ask anew for every change.</summary>
    internal Span<float> EditStatistics() => Edit(Fetched(ref _statistics));

    /// <summary>Takes over all values of another instance for the same network, in one step.</summary>
    internal void Adopt(Parameters other)
    {
        lock (Gate)
        {
            (_trained, _statistics, _fetch) = (other._trained, other._statistics, null);
            Touch();
        }
    }

    /// <summary>Says that values have changed.</summary>
    internal void Touch() => Interlocked.Increment(ref _version);

    /// <summary>
    /// Says that a device has changed the parameters in its own memory; they are fetched from there when
    /// they are read here.
    /// </summary>
    /// <param name="fetch">Copies them from the device.</param>
    internal void HeldBy(ParameterFetch fetch)
    {
        lock (Gate)
        {
            // Values of another device are fetched before it is forgotten.
            if (_fetch is not null && _fetch != fetch) Fetch();
            _fetch = fetch;
            Touch();
        }
    }

    /// <summary>Fetches the values from the device that holds newer ones, if any does.</summary>
    internal void Fetch()
    {
        if (_fetch is null) return;
        lock (Gate)
        {
            if (_fetch is not { } fetch) return;
            fetch(_trained, _statistics);
            // Only now: another thread that reads must not find what is half copied.
            _fetch = null;
        }
    }

    internal float[] Buffer(ParameterInfo info) => info.IsTrained ? Fetched(ref _trained) : Fetched(ref _statistics);

    float[] Fetched(ref float[] values)
    {
        Fetch();
        return values;
    }

    internal Span<float> Edit(Span<float> values)
    {
        Touch();
        return values;
    }

    /// <summary>Changes values while no device packs them: it packs those of before or of afterwards.</summary>
    internal void Edit(Span<float> values, Action<Span<float>> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Gate)
        {
            Touch();
            change(values);
        }
    }

    static int Key(int layer, ParameterKind kind) => layer * 8 + (int)kind;

    static float[] Allocate(NetworkDefinition network, long elements)
    {
        if (elements > Array.MaxLength)
            throw new ArgumentException($"The network {network.Name} has {elements} parameters, more than one array of {Array.MaxLength} holds", nameof(network));
        var values = new float[elements];
        HugePages.Advise(values);
        return values;
    }
}

/// <summary>Copies trained values and running statistics from where they are newer.</summary>
delegate void ParameterFetch(Span<float> trained, Span<float> statistics);
