namespace ResNet.Runtime.Data;

/// <summary>Labeled images. Its methods may be called from several threads at once.</summary>
public abstract class ImageDataset
{
    /// <summary>Describes the data set and the source of its classes.</summary>
    public abstract string Description { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Names of the classes, by index.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// Warnings before training, a sentence each: files that are left out, classes without images. Empty
    /// where there is nothing to say.
    /// </summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>The class that an image shows.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public abstract int ClassOf(int index);

    /// <summary>Returns the name of an image: its file, or its place in one.</summary>
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
    /// <param name="progress">Receives the progress after every image, on the thread that has decoded it, one at a time.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <returns>The same images under the same indices; those that cannot be read are in <see cref="InMemoryDataset.Broken"/>.</returns>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public InMemoryDataset InMemory(IProgress<LoadingProgress>? progress = null, CancellationToken cancellationToken = default) => new(this, progress, cancellationToken);

    /// <summary>
    /// Opens a data set in any of the known layouts: the folder of an unpacked CIFAR archive, in its binary or its Python version; a folder
    /// with MNIST's files; a folder with a folder of images per class, or with the folders <c>train</c> and <c>test</c> (or <c>val</c> and the like)
    /// of those; a folder of images with <c>metadata.csv</c> or <c>metadata.jsonl</c>; tar files as WebDataset has them, one, a pattern or a folder; a CIFAR
    /// binary file; or a CSV or JSON file that lists an image file and its class per line.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="split">The part to open, where the layout has parts. A single file or a folder per class is taken whole.</param>
    /// <param name="classes">Names of the classes that a network has, by index; null for those that the data have.</param>
    /// <exception cref="ArgumentException">The split is no part, or the list of classes is empty.</exception>
    /// <exception cref="DatasetException">There is nothing at that path, it has none of those layouts, or does not fit the classes.</exception>
    public static ImageDataset Open(string path, DatasetSplit split, IReadOnlyList<string>? classes = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        split.Checked();
        if (classes is { Count: 0 }) throw new ArgumentException("A network has at least one class; null takes the classes of the data", nameof(classes));
        if (Directory.Exists(path))
        {
            return CifarDataset.IsCifarFolder(path) ? CifarDataset.Open(path, split, classes)
                : MnistDataset.IsMnistFolder(path) ? MnistDataset.Open(path, split, classes)
                : WebDataset.Contains(path) ? WebDataset.Open(path, split, classes)
                : ImageFolder.Open(path, split, classes);
        }
        if (WebDataset.Contains(path)) return WebDataset.Open(path, split, classes);
        if (!File.Exists(path)) throw new DatasetException($"{path}: there is no such file or folder");
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".BIN" => CifarDataset.Open(path, split, classes),
            ".CSV" or ".JSONL" => ImageList.Open(path, split, classes),
            ".PARQUET" => throw new DatasetException($"{path}: Parquet files are read by the package ResNet.Data.Parquet: ParquetDataset.Open"),
            var other => throw new DatasetException(
                $"{path}: expected a CIFAR binary file (.bin), a list of images (.csv, .jsonl), a tar file of WebDataset (.tar) or a folder, found a file {(other.Length == 0 ? "without extension" : other.ToLowerInvariant())}"),
        };
    }

    /// <summary>Whether there is a file or folder of that name, or it is a pattern that stands for several files, as <c>train-{000..146}.tar</c>.</summary>
    /// <param name="path">The file, the folder or the pattern.</param>
    public static bool IsPath(string path) => Path.Exists(path) || WebDataset.Contains(path);

    /// <summary>Opens a data set by its path or, where there is no such file or folder, by its name: one of <see cref="PublishedDatasets.Names"/>.</summary>
    /// <param name="nameOrPath">The file, the folder or the name, as <c>cifar10</c>.</param>
    /// <param name="split">The part to open, where the layout has parts.</param>
    /// <param name="classes">Names of the classes that a network has, by index; null for those that the data have.</param>
    /// <param name="options">Cache, address and offline mode of a data set by name; the defaults where null.</param>
    /// <param name="progress">Receives the progress after every piece of a download.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="ArgumentException">The split is no part, or the list of classes is empty.</exception>
    /// <exception cref="DatasetException">As of <see cref="Open"/> and of <see cref="PublishedDatasets.GetAsync(string, PublishedDatasetsOptions, IProgress{DownloadProgress}, CancellationToken)"/>.</exception>
    public static async Task<ImageDataset> OpenAsync(string nameOrPath, DatasetSplit split, IReadOnlyList<string>? classes = null,
        PublishedDatasetsOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        split.Checked();
        var path = await PublishedDatasets.FindAsync(nameOrPath, classes, options, progress, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Open(path, split, classes), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Some of the images, in the order given.</summary>
    /// <param name="indices">Indices of the images.</param>
    /// <exception cref="ArgumentException">There is none, or one is out of range.</exception>
    public ImageDataset Subset(IReadOnlyCollection<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentOutOfRangeException.ThrowIfZero(indices.Count, nameof(indices));
        foreach (var index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count, nameof(indices));
        }
        return new DatasetSubset(this, [.. indices], Warnings);
    }

    /// <summary>The block of the storage that an image is read with: images of one block are read together.</summary>
    internal virtual int BlockOf(int index) => 0;

    /// <summary>The number of blocks that can be kept in memory at once; null where each image is read by itself, or all blocks can be kept.</summary>
    internal virtual int? BlocksAtOnce => null;

    /// <summary>The error of an image that can be read, but not made an input.</summary>
    internal DatasetException Unusable(int index, ImageException cause) => new($"{NameOf(index)}: {cause.Message}", cause);

    /// <summary>Returns the names of a data set's classes: those of the network, if they are as many, or the data set's own.</summary>
    internal static IReadOnlyList<string> NamesOf(string path, IReadOnlyList<string>? classes, IReadOnlyList<string> own)
    {
        CheckClasses(path, own.Count, classes);
        return classes ?? own;
    }

    /// <exception cref="DatasetException">The network has another number of classes.</exception>
    internal static void CheckClasses(string path, int count, IReadOnlyList<string>? classes)
    {
        if (classes is not null && count != classes.Count)
            throw new DatasetException($"{path}: expected images of the network's {classes.Count} classes, found images of {count} classes");
    }
}
