using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet classify</c>: what images show.</summary>
static class ClassifyCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("classify", "Say what images show",
            "resnet classify resnet50 cat.jpg",
            "resnet classify cifar-resnet20 horse.png --top 3",
            "resnet classify runs/photos photo.jpg",
            "resnet classify resnet18 *.jpg --weights resnet18.safetensors --labels imagenet --json");
        var model = new WeightedModel(command, streams);
        var images = new Argument<string[]>("IMAGE") { Description = "JPEG, PNG or BMP files", Arity = ArgumentArity.OneOrMore };
        images.Validators.Add(result =>
        {
            // What is left over is taken for images, misspelt options too.
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-') && !File.Exists(token.Value)) is { } token)
                result.AddError($"There is no option {token.Value}");
        });
        var top = CommonOptions.Number("--top", "How many classes per image", "N", least: 1, most: 1000, usual: 5);
        var json = CommonOptions.Json();
        command.Add(images);
        command.Add(top);
        var device = new DeviceOption(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var on = device.Open(parsed);
            // An image is decoded while the network is made ready, or classifies the one before it.
            var paths = parsed.GetRequiredValue(images);
            var next = Decode(paths[0]);
            var (name, loaded, weights) = await model.LoadAsync(parsed, on, cancellation);
            using var network = loaded;
            var classified = new List<ClassifiedImage>();
            var hasFailed = false;
            for (var i = 0; i < paths.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (path, image) = (paths[i], next);
                if (i + 1 < paths.Length) next = Decode(paths[i + 1]);
                try
                {
                    var predictions = network.Classify(await image, parsed.GetValue(top));
                    if (parsed.GetValue(json)) classified.Add(new(path, [.. predictions.Select(one => new ClassifiedAs(one.Class, one.Label, one.Probability))]));
                    else Write(streams, path, predictions);
                }
                catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
                {
                    // One bad image does not keep the others from being classified.
                    streams.WriteError(e.Message);
                    hasFailed = true;
                }
            }
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, new ClassifyReport(name.Name, weights, classified));
            return hasFailed ? 1 : 0;
        });
        return command;
    }

    static Task<Image> Decode(string path) => Task.Run(() => Image.Load(path));

    static void Write(Streams streams, string path, IReadOnlyList<Prediction> predictions)
    {
        streams.Out.WriteLine(path);
        Bars.Write(streams, predictions);
    }
}
