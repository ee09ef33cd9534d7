using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Tool.Commands;
using ResNet.Tool.Output;

namespace ResNet.Tool.Data;

/// <summary>Data sets as the command line names them: a path, a published name, or <see cref="Shapes"/>.</summary>
static class Datasets
{
    /// <summary>Drawn images, which need no file.</summary>
    public const string Shapes = "shapes10";

    public const string Description = "A file or folder of images (see docs/data.md), cifar10, cifar100, mnist, fashion-mnist, or shapes10";

    const int TrainingShapes = 10_000, TestShapes = 2_000;

    /// <summary>Fails where there is no such data set, before anything is done for it.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static void Check(string nameOrPath)
    {
        if (nameOrPath != Shapes && !Path.Exists(nameOrPath) && !PublishedDatasets.Names.Contains(nameOrPath, StringComparer.OrdinalIgnoreCase))
            throw new ToolException($"{nameOrPath}: there is no such file or folder, nor a data set of that name ({string.Join(", ", PublishedDatasets.Names)}, {Shapes})");
    }

    public static async Task<ImageDataset> OpenAsync(string nameOrPath, Network network, DatasetSplit split, Streams streams, CancellationToken cancellation)
    {
        Check(nameOrPath);
        if (nameOrPath == Shapes) return OpenShapes(network, split);
        return await Progress.RunAsync(streams, "Opening data", report => ImageDataset.OpenAsync(
            nameOrPath, split, network.Labels,
            progress: new DirectProgress<DownloadProgress>(progress => report(new(progress.Received, progress.Total, $"Downloading {progress.File}"))),
            cancellationToken: cancellation));
    }

    /// <summary>
    /// The images, kept in memory where they are files and small: they would be decoded anew in every epoch.
    /// </summary>
    public static Task<ImageDataset> KeepAsync(ImageDataset dataset, Network network, Streams streams, CancellationToken cancellation) =>
        dataset is CifarDataset or MnistDataset or Shapes10 || !IsSmall(network.Definition.Input)
            ? Task.FromResult(dataset)
            : Progress.RunAsync<ImageDataset>(streams, "Reading images", report => Task.Run<ImageDataset>(() => dataset.InMemory(
                new DirectProgress<LoadingProgress>(progress => report(new(progress.Done, progress.Count, $"Read {progress.Done} of {progress.Count} images"))),
                cancellation), cancellation));

    /// <summary>Whether a network takes images as small as those of CIFAR: neither side is longer than 64 pixels.</summary>
    public static bool IsSmall(Shape input) => Math.Max(input.Height, input.Width) <= 64;

    static Shapes10 OpenShapes(Network network, DatasetSplit split)
    {
        if (network.Labels.Count != Shapes10.Names.Count)
            throw new ToolException($"{Shapes} has {Shapes10.Names.Count} classes, the network {network.Labels.Count}: name the images with --data");
        network.Labels = Shapes10.Names;
        return new(split == DatasetSplit.Train ? TrainingShapes : TestShapes, split);
    }
}
