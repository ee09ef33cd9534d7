using ResNet.Runtime;

namespace ResNet.Tool.Networks;

/// <summary>Networks with their weights.</summary>
sealed class LoadedNetworks : IDisposable
{
    readonly IReadOnlyList<Network> _networks;

    /// <summary>Takes networks over.</summary>
    /// <param name="name">Their names, for people.</param>
    /// <param name="weights">The origin of their weights.</param>
    /// <param name="networks">The networks.</param>
    /// <exception cref="ArgumentException">Their classes differ.</exception>
    public LoadedNetworks(string name, string weights, IReadOnlyList<Network> networks) =>
        (Name, Weights, _networks, Ensemble) = (name, weights, networks, new(networks));

    public string Name { get; }

    public string Weights { get; }

    public Ensemble Ensemble { get; }

    public void Dispose()
    {
        Ensemble.Dispose();
        foreach (var network in _networks) network.Dispose();
    }
}
