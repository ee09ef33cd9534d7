using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Data;
using ResNet.Tool.Embedding;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet similar</c>: the images of an index that are like others.</summary>
static class SimilarCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("similar", "Find the images of an index that are most like others",
            "resnet similar cat.jpg --index photos.index",
            "resnet similar new/*.jpg --index photos.index --top 3 --json",
            "resnet similar cat.jpg --index photos.index --weights moved/dino.pth");
        var images = CommonOptions.Images();
        var indexFile = new Option<string>("--index") { Description = "What resnet embed has written", HelpName = "FILE", Required = true };
        var top = CommonOptions.Number("--top", "How many images per image", "N", least: 1, most: 100_000, usual: 5);
        var weights = CommonOptions.Weights();
        var offline = CommonOptions.Offline();
        var batch = CommonOptions.Batch(16);
        var json = CommonOptions.Json();
        command.Add(images);
        command.Add(indexFile);
        command.Add(top);
        command.Add(weights);
        command.Add(offline);
        command.Add(batch);
        var device = new DeviceOption(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(indexFile);
            var index = EmbeddingIndex.Open(path);
            var origin = IndexOrigin.Of(index, path);
            using var on = device.Open(parsed);
            var (source, file) = origin.Find(parsed.GetValue(weights));
            var (network, _) = await TrainedNetwork.OpenAsync(source, file, origin.Key, parsed.GetValue(offline), on, streams, cancellationToken, needsHead: false);
            using (network)
            {
                origin.Check(network, path);
                ResultWriter<EmbeddedFile> results = parsed.GetValue(json)
                    ? new SimilarJson(streams.Out, origin.Model, path, index, parsed.GetValue(top))
                    : new SimilarText(streams.Out, index, parsed.GetValue(top));
                return await EmbeddedFiles.WriteAsync(network, ImagePaths.Find(parsed.GetRequiredValue(images), streams.In), parsed.GetValue(batch), results, streams, cancellationToken);
            }
        });
        return command;
    }
}
