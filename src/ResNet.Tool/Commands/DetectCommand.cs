using System.CommandLine;
using ResNet.Tool.Data;
using ResNet.Tool.Detection;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet detect</c>: the objects in images.</summary>
static class DetectCommand
{
    /// <summary>Images that are decoded before they are looked at: a detector takes far longer than a decoder.</summary>
    const int ReadAhead = 4;

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("detect", "Find objects in images",
            "resnet detect runs/shapes-detector picture.png",
            "resnet detect runs/fasterrcnn-resnet18 photo.jpg --threshold 0.7",
            "resnet detect runs/fasterrcnn-resnet18 photos \"more/**/*.jpg\" --out found",
            "resnet detect fasterrcnn-resnet50 *.jpg --weights voc.safetensors --json");
        var model = ModelArguments.Detector();
        var images = CommonOptions.Images();
        var weights = new Option<string?>("--weights") { Description = "Trained weights (.safetensors, .pth, .th) for a model's name", HelpName = "FILE" };
        var threshold = CommonOptions.Number("--threshold", "Least score of an object", "SCORE", least: 0.0, most: 1.0, usual: 0.5);
        var output = new Option<string?>("--out") { Description = "Draw what is found into pictures in this folder: NAME.detected.png", HelpName = "DIR" };
        var json = CommonOptions.Json();
        command.Add(model);
        command.Add(images);
        command.Add(weights);
        command.Add(threshold);
        command.Add(output);
        var device = new DeviceOption(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // A drawing may replace none of the pictures, so that all have to be known.
            NamedImage[] found = [.. ImagePaths.Find(parsed.GetRequiredValue(images), streams.In)];
            using var on = device.Open(parsed);
            var (source, file) = (parsed.GetRequiredValue(model), parsed.GetValue(weights));
            using var detector = source.Load(file, on);
            var drawings = parsed.GetValue(output) is { } folder ? new Drawings(folder, found.Select(image => image.Path), "detected") : null;
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                var read = ImageReader.Start(found, Task.FromResult, ReadAhead, stopping.Token);
                var files = new FileDetector(detector, parsed.GetValue(threshold), drawings).DetectAsync(read, cancellationToken);
                ResultWriter<DetectedFile> results = parsed.GetValue(json)
                    ? new DetectionJson(streams.Out, source.Name, file ?? source.Name, parsed.GetValue(threshold))
                    : new DetectionText(streams.Out);
                return await FileResults.WriteAsync(files, found.Length, results, streams, "Detecting", "Looked at");
            }
            finally
            {
                await stopping.CancelAsync();
            }
        });
        return command;
    }
}
