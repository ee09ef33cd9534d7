using ResNet.Runtime.Data.Published;

namespace ResNet.Runtime.Data;

/// <summary>Labelled images. Its methods may be called from several threads at once.</summary>
public abstract class ImageDataset
{
    /// <summary>What the data set is, and how its classes were found.</summary>
    public abstract string Description { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>The class that an image shows.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public abstract int ClassOf(int index);

    /// <summary>What an image is known by: its file, or its place in one.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public abstract string NameOf(int index);

    /// <summary>Reads an image.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="DatasetException">The image cannot be read.</exception>
    public abstract Image Load(int index);

    /// <summary>
    /// Decodes all images now, on all processors, and keeps them: for data sets of many small files that are read again and again.
    /// CIFAR-10's 50,000 training images take 154 MB; ImageNet's would take hundreds of gigabytes.
    /// </summary>
    /// <param name="progress">Told after every image, on the thread that has decoded it, one at a time.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <returns>The same images under the same indices; those that cannot be read are in <see cref="InMemoryDataset.Broken"/>.</returns>
    public InMemoryDataset InMemory(IProgress<LoadingProgress>? progress = null, CancellationToken cancellation = default) => new(this, progress, cancellation);

    /// <summary>
    /// Opens a data set in any of the known layouts: the folder of an unpacked CIFAR archive, in its binary or its Python version; a folder
    /// with MNIST's files; a folder with a folder of images per class, or with the folders <c>train</c> and <c>test</c> (or <c>val</c>) of those; a
    /// CIFAR binary file; or a CSV file that lists an image file and its class per line.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="labels">Names of the network's classes, by index.</param>
    /// <param name="split">Which part, where the layout has parts. A single file or a folder per class is taken whole.</param>
    /// <exception cref="DatasetException">There is nothing at that path, it has none of those layouts, or does not fit the classes.</exception>
    public static ImageDataset Open(string path, IReadOnlyList<string> labels, DatasetSplit split = DatasetSplit.Test)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(labels);
        if (Directory.Exists(path)) return OpenFolder(path, labels, split);
        if (!File.Exists(path)) throw new DatasetException($"{path}: there is no such file or folder");
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".BIN" => OpenCifar(path, labels, split),
            ".CSV" => ImageList.Open(path, labels),
            var other => throw new DatasetException(
                $"{path}: expected a CIFAR binary file (.bin), a list of images (.csv) or a folder, found a file {(other.Length == 0 ? "without extension" : other.ToLowerInvariant())}"),
        };
    }

    /// <summary>Opens a data set by its path or, where there is no such file or folder, by its name: one of <see cref="PublishedDatasets.Names"/>.</summary>
    /// <param name="nameOrPath">The file, the folder or the name, as <c>cifar10</c>.</param>
    /// <param name="labels">Names of the network's classes, by index.</param>
    /// <param name="split">Which part, where the layout has parts.</param>
    /// <param name="options">Cache, address and offline mode of a data set by name; the defaults where null.</param>
    /// <param name="progress">Told after every piece of a download that arrives.</param>
    /// <param name="cancellation">Stops the download.</param>
    /// <exception cref="DatasetException">As of <see cref="Open"/> and of <see cref="PublishedDatasets.GetAsync(string, PublishedDatasetsOptions, IProgress{DownloadProgress}, CancellationToken)"/>.</exception>
    public static async Task<ImageDataset> OpenAsync(string nameOrPath, IReadOnlyList<string> labels, DatasetSplit split = DatasetSplit.Test,
        PublishedDatasetsOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        ArgumentNullException.ThrowIfNull(labels);
        var path = nameOrPath;
        if (!Path.Exists(nameOrPath))
        {
            if (!PublishedFiles.All.TryGetValue(nameOrPath, out var files))
                throw new DatasetException($"{nameOrPath}: there is no such file or folder, nor a data set of that name ({string.Join(", ", PublishedDatasets.Names)})");
            // Before anything is downloaded for nothing.
            CheckClasses(nameOrPath, files.Classes, labels);
            path = await PublishedDatasets.GetAsync(files, options ?? new(), progress, cancellation).ConfigureAwait(false);
        }
        return await Task.Run(() => Open(path, labels, split), cancellation).ConfigureAwait(false);
    }

    /// <summary>The error of an image that can be read, but not made an input.</summary>
    internal DatasetException Unusable(int index, ImageException cause) => new($"{NameOf(index)}: {cause.Message}", cause);

    static ImageDataset OpenFolder(string path, IReadOnlyList<string> labels, DatasetSplit split)
    {
        if (CifarDataset.IsCifarFolder(path)) return OpenCifar(path, labels, split);
        if (MnistDataset.IsMnistFolder(path))
        {
            CheckClasses(path, MnistDataset.Classes, labels);
            return MnistDataset.Open(path, split);
        }
        return ImageFolder.Open(path, labels, split);
    }

    static CifarDataset OpenCifar(string path, IReadOnlyList<string> labels, DatasetSplit split)
    {
        var dataset = CifarDataset.Open(path, split);
        CheckClasses(path, dataset.Classes, labels);
        return dataset;
    }

    static void CheckClasses(string path, int classes, IReadOnlyList<string> labels)
    {
        if (classes != labels.Count)
            throw new DatasetException($"{path}: expected images of the network's {labels.Count} classes, found images of {classes} classes");
    }
}
