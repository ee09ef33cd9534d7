using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Data;
using ResNet.Tool.Embedding;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet embed</c>: an index of images, in which <c>resnet similar</c> finds those that are alike.</summary>
static class EmbedCommand
{
    // Its weights come with the tool.
    const string UsualModel = "cifar-resnet20";

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("embed", "Make an index of images, in which similar ones are found",
            "resnet embed photos --out photos.index",
            "resnet embed photos \"more/**/*.jpg\" --model resnet50 --out photos.index",
            "resnet embed photos --model runs/photos --out photos.index",
            "resnet embed photos --model resnet18 --weights dino.pth --key teacher --out photos.index");
        var images = CommonOptions.Images();
        var model = ModelArguments.Option("--model", UsualModel);
        var weights = CommonOptions.Weights();
        var key = CommonOptions.Key();
        var output = new Option<string>("--out") { Description = "The index, a file, which is replaced", HelpName = "FILE", Required = true };
        var offline = CommonOptions.Offline();
        var batch = CommonOptions.Batch(16);
        command.Add(images);
        command.Add(model);
        command.Add(weights);
        command.Add(key);
        command.Add(output);
        command.Add(offline);
        command.Add(batch);
        var device = new DeviceOption(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(output);
            CommonOptions.CheckFolderOf(path);
            var (source, file) = (parsed.GetRequiredValue(model), parsed.GetValue(weights));
            CommonOptions.CheckKeeps(path, [file, source.Name, .. parsed.GetRequiredValue(images)]);
            using var on = device.Open(parsed);
            var (network, from) = await TrainedNetwork.OpenAsync(source, file, parsed.GetValue(key), parsed.GetValue(offline), on, streams, cancellationToken, needsHead: false);
            using (network)
            {
                var found = ImagePaths.Find(parsed.GetRequiredValue(images), streams.In);
                var collected = new IndexWriter();
                var exitCode = await EmbeddedFiles.WriteAsync(network, found, parsed.GetValue(batch), collected, streams, cancellationToken);
                if (collected.Count == 0) throw new ToolException("No image could be embedded, and no index is written");
                CommonOptions.CheckKeeps(path, collected.Paths);
                var index = collected.ToIndex(IndexOrigin.Of(source, file, parsed.GetValue(key), network));
                index.Save(path);
                streams.Out.WriteLine($"{path}: {index.Count} {(index.Count == 1 ? "image" : "images")}, {index.Dimensions} features each, by {source.Name} ({from})");
                return exitCode;
            }
        });
        return command;
    }
}
