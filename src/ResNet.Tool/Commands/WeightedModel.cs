using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Tool.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>The arguments that name a trained network, and the network that they name.</summary>
sealed class WeightedModel
{
    readonly Argument<Model> _model = CommonOptions.Model();
    readonly Option<string?> _weights = new("--weights")
    {
        Description = "Trained weights (.safetensors, .pth, .th); those that come with the tool or are published by torchvision if not given",
        HelpName = "FILE",
    };
    readonly Option<string?> _labels = new("--labels") { Description = "Names of the classes, one per line", HelpName = "FILE" };
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

    /// <summary>The network with its weights and labels.</summary>
    public async Task<(Model Model, Network Network, string Weights)> LoadAsync(ParseResult parsed, Device? device, CancellationToken cancellation)
    {
        var model = parsed.GetRequiredValue(_model);
        var weights = parsed.GetValue(_weights) ?? await FindWeightsAsync(model, parsed.GetValue(_offline), cancellation);
        var network = model.Create(device);
        network.Load(weights);
        if (parsed.GetValue(_labels) is { } path)
        {
            var labels = Labels.Load(path);
            if (labels.Count != network.Labels.Count)
                throw new ToolException($"{path}: expected the names of {network.Labels.Count} classes, found {labels.Count}");
            network.Labels = labels;
        }
        return (model, network, weights);
    }

    async Task<string> FindWeightsAsync(Model model, bool offline, CancellationToken cancellation)
    {
        var bundled = model.BundledWeights;
        if (File.Exists(bundled)) return bundled;
        if (!PublishedWeights.Files.ContainsKey(model.Name))
            throw new ToolException($"No weights are published for {model.Name}: give a file with --weights");
        return await Progress.RunAsync(_streams, "Downloading weights", report => PublishedWeights.GetAsync(
            model.Name,
            new() { Offline = offline },
            new DirectProgress<DownloadProgress>(progress => report(new(progress.Received, progress.Total, $"Downloading {progress.File}"))),
            cancellation));
    }
}
