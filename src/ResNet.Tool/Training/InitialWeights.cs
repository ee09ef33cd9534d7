using ResNet.Runtime;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Training;

/// <summary>The weights that a run starts from.</summary>
static class InitialWeights
{
    /// <summary>Stands for the weights that come with the tool or are published for the model.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>Sets a network's weights: random ones and, over them, those that the settings name, with a head of its own where that does not fit.</summary>
    public static async Task SetAsync(Network network, Model model, TrainingSettings settings, Streams streams, CancellationToken cancellationToken)
    {
        new HeInitializer(settings.Seed) { ZeroGamma = settings.ZeroGamma }.Initialize(network.Parameters);
        if (settings.Weights is not { } weights) return;
        if (weights != Pretrained) network.Load(weights, replaceHead: true);
        else if (PublishedNetwork.BundledWeights(model) is { } bundled) network.Load(bundled, replaceHead: true);
        else await PublishedNetwork.LoadAsync(network, model, replaceHead: true, offline: false, streams, cancellationToken);
    }
}
