using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>The arguments that name a trained network, or several to be averaged, and the networks that they name.</summary>
sealed class WeightedModels
{
    readonly Argument<ModelSource[]> _models;
    readonly Option<string[]> _weights;
    readonly Option<bool> _ensemble = new("--ensemble") { Description = "Average the scores of several networks of the same classes" };
    readonly Option<string?> _labels = new("--labels")
    {
        Description = "Names of the classes, one per line, or imagenet or cifar10; those that come with the weights if not given",
        HelpName = "FILE",
    };
    readonly Option<string?> _key = CommonOptions.Key();
    readonly Option<bool> _offline = CommonOptions.Offline();
    readonly Streams _streams;

    /// <summary>Adds the arguments to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="streams">For progress.</param>
    /// <param name="several">Whether all arguments are networks or detectors, and the words after <c>--weights</c> files; otherwise the command has images, too.</param>
    public WeightedModels(Command command, Streams streams, bool several)
    {
        _streams = streams;
        _models = several ? ModelArguments.Several() : ModelArguments.Classifier();
        _weights = new("--weights")
        {
            Description = "Trained weights (.safetensors, .pth, .th), a file per network; those that come with the tool or are published if not given",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = several,
        };
        command.Arguments.Add(_models);
        command.Options.Add(_weights);
        command.Options.Add(_key);
        command.Options.Add(_ensemble);
        command.Options.Add(_labels);
        command.Options.Add(_offline);
    }

    /// <summary>Whether several networks are asked for.</summary>
    public bool IsEnsemble(ParseResult parsed) => parsed.GetValue(_ensemble);

    /// <summary>The options that are of no use for detectors.</summary>
    public IReadOnlyList<Option> OptionsOfClassifiers => [_key, _ensemble, _labels, _offline];

    /// <summary>The argument of the networks or the detector.</summary>
    public Argument Models => _models;

    /// <summary>The detector that a command line names; null where it names networks.</summary>
    public DetectorSource? DetectorOf(ParseResult parsed) => parsed.GetRequiredValue(_models).OfType<DetectorSource>().FirstOrDefault();

    /// <summary>The detector with its weights, and where they are from; the caller disposes it.</summary>
    /// <exception cref="ToolException">There is something beside it.</exception>
    public (Detector Detector, string Weights) LoadDetector(ParseResult parsed, DetectorSource source, Device device)
    {
        var files = parsed.GetValue(_weights) ?? [];
        if (parsed.GetRequiredValue(_models).Length > 1 || files.Length > 1)
            throw new ToolException($"{source.Name} is a detector, of which one with one file of weights is taken at a time");
        return (source.Load(files.FirstOrDefault(), device), files.FirstOrDefault() ?? source.Name);
    }

    /// <summary>The networks with their weights and labels; the caller disposes them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="more">Networks that the command line names elsewhere.</param>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <param name="needsHead">Whether the networks classify.</param>
    public async Task<LoadedNetworks> LoadAsync(ParseResult parsed, IEnumerable<NetworkSource> more, Device device, CancellationToken cancellationToken, bool needsHead = true)
    {
        var pairs = Pair([.. parsed.GetRequiredValue(_models).Cast<NetworkSource>(), .. more], parsed.GetValue(_weights) ?? [], IsEnsemble(parsed));
        var (networks, weights) = (new List<Network>(), new List<string>());
        try
        {
            foreach (var (source, file) in pairs)
            {
                var (network, from) = await TrainedNetwork.OpenAsync(source, file, parsed.GetValue(_key), parsed.GetValue(_offline), device, _streams, cancellationToken, needsHead);
                networks.Add(network);
                weights.Add(from);
                if (parsed.GetValue(_labels) is { } labels) network.Labels = ReadLabels(labels, network.Labels.Count);
            }
            return new(string.Join(" + ", pairs.Select(pair => pair.Source.Name)), string.Join(" + ", weights), networks);
        }
        catch
        {
            foreach (var network in networks) network.Dispose();
            throw;
        }
    }

    /// <summary>Says which file's weights each network gets: in their order, or one network all of them.</summary>
    /// <exception cref="ToolException">The numbers do not fit.</exception>
    static (NetworkSource Source, string? File)[] Pair(NetworkSource[] sources, string[] files, bool isEnsemble)
    {
        if (sources.Length > 1 && files.Length > 0 && files.Length != sources.Length)
            throw new ToolException($"--weights: there are {sources.Length} networks and {files.Length} {(files.Length == 1 ? "file" : "files")} of weights; expected a file for each, in their order, or none, or one network and all of its files");
        (NetworkSource, string?)[] pairs = files.Length == 0 ? [.. sources.Select(source => (source, (string?)null))]
            : sources.Length == 1 ? [.. files.Select(file => (sources[0], file))]
            : [.. sources.Zip(files)];
        if (pairs.Length > 1 && !isEnsemble) throw new ToolException($"There are {pairs.Length} networks; --ensemble averages their scores");
        if (pairs.Length == 1 && isEnsemble) throw new ToolException("--ensemble: there is one network, and nothing to average; name several, or several files with --weights");
        return pairs;
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
