using System.CommandLine;
using System.Globalization;
using ResNet.Reports;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Files;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet evaluate</c>: measures the accuracy on a data set.</summary>
static class EvaluateCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("evaluate", "Measure the accuracy on a data set, or a detector's average precision",
            "resnet evaluate cifar-resnet20 --data cifar-10-batches-bin",
            "resnet evaluate runs/photos --data photos",
            "resnet evaluate resnet50 --data imagenet/val --batch 64",
            "resnet evaluate resnet18 --weights resnet18.pth --data photos.csv --predictions answers.csv",
            "resnet evaluate resnet18 --data photos --report report.html",
            "resnet evaluate resnet50 --data imagenet/val --tta multi-scale",
            "resnet evaluate resnet50 resnet101 --data imagenet/val --ensemble --tta 10-crop",
            "resnet evaluate cifar-resnet20 --weights first.safetensors second.safetensors --data cifar10 --ensemble --average probabilities",
            "resnet evaluate resnet50 --data photos --probe knn",
            "resnet evaluate runs/shapes-detector --data shapes-detection",
            "resnet evaluate runs/fasterrcnn-resnet18 --data VOCdevkit/VOC2007 --report report.html");
        var models = new WeightedModels(command, streams, several: true);
        var data = new Option<string>("--data")
        {
            Description = $"{Datasets.Description}; of a detector, {DetectionDatasets.Description}",
            HelpName = "PATH",
            Required = true,
        };
        var batch = CommonOptions.Batch(32);
        var skip = new Option<bool>("--skip-broken") { Description = "Leave out images that cannot be read" };
        var predictions = new Option<string?>("--predictions") { Description = "Write every image's answer to a CSV file", HelpName = "FILE" };
        var reportFile = new Option<string?>("--report") { Description = "Write a report with worst mistakes, confusion matrix and calibration, or with curves of precision and recall, to an HTML file", HelpName = "FILE" };
        var invalidBoxes = CommonOptions.InvalidBoxes();
        var json = CommonOptions.Json();
        command.Add(data);
        command.Add(batch);
        var protocols = new ProtocolOptions(command);
        var probes = new ProbeEvaluation(command, [.. protocols.Options, batch, skip, predictions, reportFile]);
        var device = new DeviceOption(command);
        command.Add(skip);
        command.Add(invalidBoxes);
        command.Add(predictions);
        command.Add(reportFile);
        command.Add(json);
        CommonOptions.Reserve(command, models.Models, [.. models.OptionsOfClassifiers, .. protocols.Options, .. probes.Options, batch, skip, predictions], [invalidBoxes]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(data);
            var (predictionsPath, reportPath) = (parsed.GetValue(predictions), parsed.GetValue(reportFile));
            // Before weights are downloaded and images classified for nothing.
            CommonOptions.CheckFolderOf(predictionsPath);
            CommonOptions.CheckFolderOf(reportPath);
            foreach (var written in new[] { predictionsPath, reportPath }.OfType<string>())
                if (File.Exists(written) && $"{Path.GetFullPath(written)}/".StartsWith($"{Path.GetFullPath(path)}/", StringComparison.Ordinal))
                    throw new ToolException($"{written}: the file is of the data, {path}, which is not replaced");
            if (models.DetectorOf(parsed) is { } source)
            {
                using var processor = device.Open(parsed);
                var (detector, weights) = models.LoadDetector(parsed, source, processor);
                using (detector)
                {
                    var images = DetectionDatasets.Open(path, DatasetSplit.Test, detector.Labels, parsed.GetValue(invalidBoxes));
                    foreach (var warning in images.Warnings) streams.Error.WriteLine($"warning: {warning}");
                    await new DetectorEvaluation(source.Name, weights, detector, images).RunAsync(reportPath, parsed.GetValue(json), streams, cancellationToken);
                }
                return;
            }
            Datasets.Check(path);
            var protocol = protocols.Of(parsed, models.IsEnsemble(parsed));
            using var on = device.Open(parsed);
            using var networks = await models.LoadAsync(parsed, [], on, cancellationToken, needsHead: !probes.IsWanted(parsed));
            if (probes.IsWanted(parsed))
            {
                if (networks.Ensemble.Networks is not [var network]) throw new ToolException("--probe: the features of one network are measured at a time, without --ensemble");
                await probes.RunAsync(parsed, networks.Name, networks.Weights, network, path, parsed.GetValue(json), streams, cancellationToken);
                return;
            }
            var (labels, scoring) = (networks.Ensemble.Labels, Scoring.Of(protocol, networks.Ensemble.Networks.Count));
            ProtocolOptions.Tell(protocol, networks.Ensemble.Networks, streams);
            var dataset = await Datasets.OpenAsync(path, DatasetSplit.Test, labels, streams, cancellationToken);
            var result = await Progress.RunAsync(streams, "Evaluating", report => Task.Run(() => Evaluator.Evaluate(networks.Ensemble, dataset, new()
            {
                Protocol = protocol,
                BatchSize = parsed.GetValue(batch),
                SkipBroken = parsed.GetValue(skip),
                KeepPredictions = (predictionsPath ?? reportPath) is not null,
                Progress = new DirectProgress<EvaluationProgress>(progress =>
                    report(new(progress.Done, progress.Count, $"Evaluated {progress.Done} of {progress.Count} images, {progress.Top1} right"))),
            }, cancellationToken), cancellationToken));

            foreach (var broken in result.Broken) streams.Error.WriteLine($"skipped: {broken.Reason}");
            if (predictionsPath is not null) WritePredictions(predictionsPath, dataset, labels, scoring, result);
            if (reportPath is not null) new EvaluationReport { Model = networks.Name, Labels = labels, Data = dataset, Result = result }.Write(reportPath);
            if (parsed.GetValue(json))
            {
                ReportContext.Write(streams.Out, new EvaluateReport(
                    networks.Name, networks.Weights, dataset.Description, scoring.Protocol, scoring.Average, on.Name, parsed.GetValue(batch),
                    result.Images, result.Top1Accuracy, result.Top5Accuracy, result.Top1, result.Top5, result.Broken.Count, result.Elapsed.TotalSeconds, result.ImagesPerSecond));
            }
            else WriteText(streams.Out, $"{networks.Name} on {dataset.Description}", on, parsed.GetValue(batch), result);
        });
        return command;
    }

    static void WriteText(TextWriter output, string title, Device device, int batch, EvaluationResult result)
    {
        FormattableString[] lines =
        [
            $"{title}{(result.IsAveraged ? $", {result.Protocol}" : "")}",
            $"top-1  {result.Top1Accuracy * 100,6:F2} %  ({result.Top1} of {result.Images} images)",
            $"top-5  {result.Top5Accuracy * 100,6:F2} %  ({result.Top5} of {result.Images} images)",
            $"{result.ImagesPerSecond:F1} images/s, {device.Name}, batch {batch}",
        ];
        foreach (var line in lines) output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        if (result.Broken.Count > 0) output.WriteLine($"{result.Broken.Count} broken images skipped");
    }

    static void WritePredictions(string path, ImageDataset dataset, IReadOnlyList<string> labels, Scoring scoring, EvaluationResult result) => WholeFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.WriteLine("file,class,predicted,probability,label" + scoring.Heading);
        foreach (var image in result.Predictions)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Csv.Field(dataset.NameOf(image.Index))},{image.Class},{image.Predicted},{image.Probability:F6},{Csv.Field(labels[image.Predicted])}{scoring.Cells}"));
        }
    });
}
