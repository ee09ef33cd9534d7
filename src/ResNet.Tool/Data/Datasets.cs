using ResNet.Data.Parquet;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Runs;
using ResNet.Tool.Output;

namespace ResNet.Tool.Data;

/// <summary>Data sets as the command line names them: a path, a published name, or <see cref="Shapes"/>.</summary>
static class Datasets
{
    /// <summary>Drawn images, which need no file.</summary>
    public const string Shapes = "shapes10";

    public const string Description = "Images (docs/data.md): file or folder, cifar10, cifar100, mnist, fashion-mnist, shapes10";

    const int TrainingShapes = 10_000, TestShapes = 2_000;

    /// <summary>Fails where there is no such data set, before anything is done for it.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static void Check(string nameOrPath)
    {
        if (nameOrPath != Shapes && !ImageDataset.IsPath(nameOrPath) && !PublishedDatasets.Names.Contains(nameOrPath, StringComparer.OrdinalIgnoreCase))
            throw new ToolException($"{nameOrPath}: there is no such file or folder, nor a data set of that name ({string.Join(", ", PublishedDatasets.Names)}, {Shapes})");
    }

    /// <summary>Opens a part of a data set.</summary>
    /// <param name="nameOrPath">The data set.</param>
    /// <param name="split">The part, where the data set has parts.</param>
    /// <param name="classes">Names of the network's classes; null for those of the data.</param>
    /// <param name="streams">For progress.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    public static async Task<ImageDataset> OpenAsync(string nameOrPath, DatasetSplit split, IReadOnlyList<string>? classes, Streams streams, CancellationToken cancellationToken)
    {
        Check(nameOrPath);
        if (ParquetDataset.IsParquet(nameOrPath))
            return await Task.Run(() => ParquetDataset.Open(nameOrPath, split, new() { Classes = classes }), cancellationToken);
        if (nameOrPath != Shapes)
            return await Opening(streams, progress => ImageDataset.OpenAsync(nameOrPath, split, classes, progress: progress, cancellationToken: cancellationToken));
        if (classes is not null && classes.Count != Shapes10.Names.Count)
            throw new ToolException($"{Shapes} has {Shapes10.Names.Count} classes, the network {classes.Count}: name the images with --data");
        return new Shapes10(split == DatasetSplit.Train ? TrainingShapes : TestShapes, split);
    }

    /// <summary>Opens the images to train and to validate on.</summary>
    /// <param name="nameOrPath">The data set.</param>
    /// <param name="validation">Images to validate on; null for those of the data set, or a share of it.</param>
    /// <param name="options">The share.</param>
    /// <param name="streams">For progress.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    public static async Task<DatasetSplits> OpenSplitsAsync(string nameOrPath, string? validation, DatasetSplitsOptions options, Streams streams, CancellationToken cancellationToken)
    {
        Check(nameOrPath);
        if (validation is not null || nameOrPath == Shapes)
        {
            var train = await OpenAsync(nameOrPath, DatasetSplit.Train, null, streams, cancellationToken);
            return new(train, await OpenAsync(validation ?? Shapes, DatasetSplit.Test, train.Classes, streams, cancellationToken));
        }
        if (ParquetDataset.IsParquet(nameOrPath)) return await Task.Run(() => ParquetDataset.OpenSplits(nameOrPath, options), cancellationToken);
        return await Opening(streams, progress => DatasetSplits.OpenAsync(nameOrPath, options, progress: progress, cancellationToken: cancellationToken));
    }

    /// <summary>
    /// The images, kept in memory where they are files and small: they would be decoded anew in every epoch.
    /// </summary>
    public static Task<ImageDataset> KeepAsync(ImageDataset dataset, Shape input, Streams streams, CancellationToken cancellationToken) =>
        dataset is CifarDataset or MnistDataset or Shapes10 || !Recipe.IsSmall(input)
            ? Task.FromResult(dataset)
            : Progress.RunAsync<ImageDataset>(streams, "Reading images", report => Task.Run<ImageDataset>(() => dataset.InMemory(
                new DirectProgress<LoadingProgress>(progress => report(new(progress.Done, progress.Count, $"Read {progress.Done} of {progress.Count} images"))),
                cancellationToken), cancellationToken));

    static Task<T> Opening<T>(Streams streams, Func<IProgress<DownloadProgress>, Task<T>> open) => Progress.RunAsync(streams, "Opening data", report =>
        open(new DirectProgress<DownloadProgress>(progress => report(new(progress.Received, progress.Total, $"Downloading {progress.File}")))));
}
