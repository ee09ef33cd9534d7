using ResNet.Runtime;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Training;

/// <summary>The network that a run starts from.</summary>
static class InitialNetwork
{
    /// <summary>Stands for the weights that come with the tool or are published for the model.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>Creates the network, with random weights and, over them, those that the settings name, with a head of its own where that does not fit.</summary>
    public static async Task<Network> CreateAsync(Model model, int classes, TrainingSettings settings, Device device, Streams streams, CancellationToken cancellationToken)
    {
        var weights = settings.Weights;
        if (weights == Pretrained) weights = PublishedNetwork.BundledWeights(model);
        if (weights is null && settings.Weights is not null)
            return await PublishedNetwork.CreateAsync(model, classes, settings.InputSize, settings.InputChannels, device, streams, cancellationToken);
        var network = CreateEmpty(model, classes, settings, device);
        try
        {
            new HeInitializer(settings.Seed) { ZeroGamma = settings.ZeroGamma }.Initialize(network.Parameters);
            if (weights is not null) network.Load(weights, replaceHead: true, settings.Key);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Creates the network for a run that is resumed, whose weights come with it.</summary>
    public static Network CreateEmpty(Model model, int classes, TrainingSettings settings, Device device) =>
        model.Create(classes, settings.InputSize, settings.InputChannels, device);
}
