using System.CommandLine;
using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Embeddings;
using ResNet.Runtime.Evaluation;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>The evaluation of features, <c>resnet evaluate --probe</c>: measures how well a network's features tell the classes of a data set apart, independent of its own classes.</summary>
sealed class ProbeEvaluation
{
    const string Nearest = "knn", Linear = "linear";

    readonly Option<string?> _probe = new("--probe")
    {
        Description = $"Classify by the network's features instead of its head, as learned from the training images: {Nearest} (nearest neighbors) or {Linear} (a linear classifier)",
        HelpName = "PROBE",
    };

    readonly Option<int> _neighbors = CommonOptions.Number("--neighbors", $"With --probe {Nearest}, images that vote", "K", least: 1, most: 10_000, usual: 20);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="ofHeads">Its options that are of no use without a network's head.</param>
    public ProbeEvaluation(Command command, IReadOnlyList<Option> ofHeads)
    {
        _probe.AcceptOnlyFromAmong(Nearest, Linear);
        command.Add(_probe);
        command.Add(_neighbors);
        command.Validators.Add(result =>
        {
            // A value that is none is an error already.
            var probe = result.GetResult(_probe) is { Tokens: [var token] } ? token.Value : null;
            if (result.GetResult(_neighbors) is { Implicit: false } && probe != Nearest) result.AddError($"--neighbors is of use with --probe {Nearest} only");
            if (probe is null) return;
            foreach (var option in ofHeads)
                if (result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} is of no use with --probe");
        });
    }

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_probe, _neighbors];

    /// <summary>Whether features are measured.</summary>
    public bool IsWanted(ParseResult parsed) => parsed.GetValue(_probe) is not null;

    /// <summary>Embeds training and test images, learns from the ones and classifies the others.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">The network's name.</param>
    /// <param name="weights">The origin of its weights.</param>
    /// <param name="network">The network.</param>
    /// <param name="data">The data set.</param>
    /// <param name="asJson">Whether the result is JSON.</param>
    /// <param name="streams">Receive result and progress.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(ParseResult parsed, string name, string weights, Network network, string data, bool asJson, Streams streams, CancellationToken cancellationToken)
    {
        var splits = await Datasets.OpenSplitsAsync(data, null, new(), streams, cancellationToken);
        var test = splits.Validation ?? throw new ToolException($"{data}: there are no images to classify besides those to learn from");
        var known = await EmbedAsync(network, splits.Train, "training", streams, cancellationToken);
        var asked = await EmbedAsync(network, test, "test", streams, cancellationToken);
        var isNearest = parsed.GetValue(_probe) == Nearest;
        var result = await Task.Run(() => isNearest
            ? NearestNeighbors.Evaluate(known, asked, parsed.GetValue(_neighbors), cancellationToken: cancellationToken)
            : LinearProbe.Evaluate(known, asked, cancellationToken: cancellationToken), cancellationToken);
        var probe = isNearest ? $"{Nearest}, {parsed.GetValue(_neighbors)} neighbors" : Linear;
        if (asJson)
            ReportContext.Write(streams.Out, new ProbeReport(name, weights, test.Description, probe, known.Labels.Count, result.Images, known.Length, result.Top1Accuracy, result.Top5Accuracy));
        else Write(streams.Out, $"Features of {name} on {test.Description}: {probe}", known, result);
    }

    static Task<EmbeddedDataset> EmbedAsync(Network network, ImageDataset images, string kind, Streams streams, CancellationToken cancellationToken) =>
        Progress.RunAsync(streams, "Embedding", report => Task.Run(() => EmbeddedDataset.Of(network, images,
            new DirectProgress<int>(done => report(new(done, images.Count, $"Embedded {done} of {images.Count} {kind} images"))), cancellationToken), cancellationToken));

    static void Write(TextWriter output, string title, EmbeddedDataset known, EvaluationResult result)
    {
        FormattableString[] lines =
        [
            $"{title}",
            $"top-1  {result.Top1Accuracy * 100,6:F2} %  ({result.Top1} of {result.Images} images)",
            $"top-5  {result.Top5Accuracy * 100,6:F2} %  ({result.Top5} of {result.Images} images)",
            $"{known.Length} features, learned from {known.Labels.Count} images",
        ];
        foreach (var line in lines) output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
