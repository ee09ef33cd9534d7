using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Networks;

/// <summary>Opens networks with their weights.</summary>
static class TrainedNetwork
{
    /// <summary>Creates a network and loads its weights: a file's, its own, those that come with the tool, or published ones.</summary>
    /// <param name="source">The network.</param>
    /// <param name="weights">A file of weights; null for those that there are without.</param>
    /// <param name="key">The beginning of the names of the weights, for a file that has several sets; null for one that has them once.</param>
    /// <param name="offline">Whether nothing is downloaded.</param>
    /// <param name="device">The device.</param>
    /// <param name="streams">For progress.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <param name="needsHead">Whether the network classifies; one that embeds takes weights without a head, too, or with another one.</param>
    /// <returns>The network, which the caller disposes, and where its weights are from.</returns>
    /// <exception cref="ToolException">No weights are published for it.</exception>
    /// <exception cref="WeightsException">The weights cannot be had, or are another network's.</exception>
    public static async Task<(Network Network, string Weights)> OpenAsync(
        NetworkSource source, string? weights, string? key, bool offline, Device device, Streams streams, CancellationToken cancellationToken, bool needsHead = true)
    {
        var network = source.Create(device);
        try
        {
            if (weights is null && source.Model is null) return (network, source.Name);
            if ((weights ?? PublishedNetwork.BundledWeights(source.Model!)) is not { } file)
                return (network, await PublishedNetwork.LoadAsync(network, source.Model!, offline, streams, cancellationToken));
            network.Load(file, replaceHead: !needsHead, key);
            return (network, file);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
