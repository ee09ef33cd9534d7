using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Classification;
using ResNet.Tool.Data;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet classify</c>: what images show.</summary>
static class ClassifyCommand
{
    const string Text = "text", Lines = "jsonl", Rows = "csv";

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("classify", "Say what images show",
            "resnet classify resnet50 cat.jpg",
            "resnet classify cifar-resnet20 horse.png --top 3",
            "resnet classify runs/photos photo.jpg",
            "resnet classify resnet18 *.jpg --weights resnet18.safetensors --labels imagenet --json",
            "resnet classify resnet50 photos \"more/**/*.jpg\" --format csv > photos.csv",
            "resnet classify resnet50 - --format jsonl < photos.txt",
            "resnet classify resnet50 cat.jpg --tta 10-crop --average probabilities",
            "resnet classify resnet50 cat.jpg --explain cat-where.png",
            "resnet classify resnet50 resnet101 runs/photos cat.jpg --ensemble");
        var models = new WeightedModels(command, streams, several: false);
        var images = CommonOptions.Images("; with --ensemble, networks before them");
        var top = CommonOptions.Number("--top", "How many classes per image", "N", least: 1, most: 1000, usual: 5);
        var batch = CommonOptions.Batch(16);
        var format = new Option<string>("--format") { Description = "How results are printed, each as it comes", HelpName = "FORMAT", DefaultValueFactory = _ => Text };
        format.AcceptOnlyFromAmong(Text, Lines, Rows);
        var explain = new Option<string?>("--explain")
        {
            Description = "Draw where the network sees the likeliest class: a .png for one image, or a folder, for NAME.explained.png",
            HelpName = "PATH",
        };
        var json = CommonOptions.Json();
        command.Add(images);
        command.Add(top);
        command.Add(batch);
        var protocols = new ProtocolOptions(command);
        var device = new DeviceOption(command);
        command.Add(explain);
        command.Add(format);
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetResult(format) is { Implicit: false }) result.AddError("--json and --format exclude each other");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var names = parsed.GetRequiredValue(images);
            var isEnsemble = models.IsEnsemble(parsed);
            var more = names.TakeWhile(name => isEnsemble && NetworkSource.IsNetwork(name)).Select(NetworkSource.Find).ToList();
            names = names[more.Count..];
            if (names.Length == 0) throw new ToolException("There are networks, and no images after them");
            var protocol = protocols.Of(parsed, isEnsemble);
            using var on = device.Open(parsed);
            var found = ImagePaths.Find(names, streams.In);
            // If all names are known, so is their number.
            if (!names.Contains(ImagePaths.StandardInput)) found = [.. found];
            // Images are decoded while the networks are made ready.
            var ready = new TaskCompletionSource<Classifier>();
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                var read = ImageReader.Start(found, async image => (await ready.Task).Prepare(image), parsed.GetValue(batch) + 2 * Environment.ProcessorCount, stopping.Token);
                using var networks = await models.LoadAsync(parsed, more, on, cancellationToken);
                using var classifier = new Classifier(networks.Ensemble, limits: null, protocol);
                ready.SetResult(classifier);
                ProtocolOptions.Tell(protocol, networks.Ensemble.Networks, streams);
                var scoring = Scoring.Of(protocol, networks.Ensemble.Networks.Count);
                ResultWriter<ClassifiedFile> results = parsed.GetValue(json) ? new JsonReport(streams.Out, networks.Name, networks.Weights, scoring) : parsed.GetValue(format) switch
                {
                    Lines => new JsonLines(streams.Out, scoring),
                    Rows => new CsvRows(streams.Out, scoring),
                    _ => new TextResults(streams),
                };
                using var explained = parsed.GetValue(explain) is { } place ? new ExplainedResults(results, networks.Ensemble.Networks, place, [.. found.Select(image => image.Path)]) : null;
                var files = new BatchClassifier(classifier, parsed.GetValue(batch), parsed.GetValue(top)).ClassifyAsync(read, cancellationToken);
                return await FileResults.WriteAsync(files, found.TryGetNonEnumeratedCount(out var count) ? count : null, explained ?? results, streams, "Classifying", "Classified");
            }
            finally
            {
                await stopping.CancelAsync();
            }
        });
        return command;
    }
}
