using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>The arguments that name a trained network, and the network that they name.</summary>
sealed class WeightedModel
{
    readonly Argument<NetworkSource> _model = CommonOptions.Network();
    readonly Option<string?> _weights = new("--weights")
    {
        Description = "Trained weights (.safetensors, .pth, .th); those that come with the tool or are published by torchvision if not given",
        HelpName = "FILE",
    };
    readonly Option<string?> _labels = new("--labels")
    {
        Description = "Names of the classes, one per line, or imagenet or cifar10; those that come with the weights if not given",
        HelpName = "FILE",
    };
    readonly Option<bool> _offline = new("--offline") { Description = "Do not download weights" };
    readonly Streams _streams;

    /// <summary>Adds the arguments to a command.</summary>
    public WeightedModel(Command command, Streams streams)
    {
        _streams = streams;
        command.Arguments.Add(_model);
        command.Options.Add(_weights);
        command.Options.Add(_labels);
        command.Options.Add(_offline);
    }

    /// <summary>The network with its weights and labels; the caller disposes it.</summary>
    public async Task<(NetworkSource Source, Network Network, string Weights)> LoadAsync(ParseResult parsed, Device? device, CancellationToken cancellationToken)
    {
        var source = parsed.GetRequiredValue(_model);
        var network = source.Create(device);
        try
        {
            var weights = await LoadWeightsAsync(network, source, parsed.GetValue(_weights), parsed.GetValue(_offline), cancellationToken);
            if (parsed.GetValue(_labels) is { } labels) network.Labels = ReadLabels(labels, network.Labels.Count);
            return (source, network, weights);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <returns>Where the weights are from.</returns>
    async Task<string> LoadWeightsAsync(Network network, NetworkSource source, string? file, bool offline, CancellationToken cancellationToken)
    {
        if (file is null && source.Model is null) return source.Name;
        if ((file ?? PublishedNetwork.BundledWeights(source.Model!)) is { } weights)
        {
            network.Load(weights);
            return weights;
        }
        return await PublishedNetwork.LoadAsync(network, source.Model!, offline, _streams, cancellationToken);
    }

    static IReadOnlyList<string> ReadLabels(string nameOrPath, int classes)
    {
        var labels = nameOrPath.ToLowerInvariant() switch
        {
            "imagenet" => Labels.ImageNet,
            "cifar10" => Labels.Cifar10,
            _ => Labels.Load(nameOrPath),
        };
        return labels.Count == classes ? labels : throw new ToolException($"{nameOrPath}: expected the names of {classes} classes, found {labels.Count}");
    }
}
