namespace ResNet.Runtime.Data;

/// <summary>The images for training a network, and those for validating it.</summary>
/// <param name="Train">The training images.</param>
/// <param name="Validation">Images of the same classes, none of which is trained on; null where there are none.</param>
public sealed record DatasetSplits(ImageDataset Train, ImageDataset? Validation)
{
    /// <summary>
    /// Opens a data set in any of the layouts that <see cref="ImageDataset.Open"/> knows. Of folders, <c>val</c>, <c>valid</c>, <c>validation</c> or
    /// <c>dev</c> is validated on, or else <c>test</c> or <c>eval</c>; of CIFAR and MNIST, the test images. Where there is no such part, as of a folder per
    /// class, a share of each class is taken out (<see cref="Of"/>).
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">Names of classes, share and seed; the defaults where null.</param>
    /// <exception cref="DatasetException">
    /// There is nothing at that path, there are no images to train on, or those to validate on have classes of their own.
    /// </exception>
    public static DatasetSplits Open(string path, DatasetSplitsOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        var (train, validation) = OpenParts(path, options.Classes);
        return validation is null ? Of(train, options) : new(train, validation);
    }

    /// <summary>Opens a data set by its path or, where there is no such file or folder, by its name: one of <see cref="PublishedDatasets.Names"/>.</summary>
    /// <param name="nameOrPath">The file, the folder or the name, as <c>cifar10</c>.</param>
    /// <param name="options">Names of classes, share and seed; the defaults where null.</param>
    /// <param name="published">Cache, address and offline mode of a data set by name; the defaults where null.</param>
    /// <param name="progress">Receives the progress after every piece of a download.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="DatasetException">As of <see cref="Open"/>, or the data set cannot be downloaded.</exception>
    public static async Task<DatasetSplits> OpenAsync(string nameOrPath, DatasetSplitsOptions? options = null,
        PublishedDatasetsOptions? published = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var path = await PublishedDatasets.FindAsync(nameOrPath, options?.Classes, published, progress, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Open(path, options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes a share of each class out of a data set, by chance: the same images for the same seed, in any order of the files.
    /// Each class of at least two images has images on both sides. Lines of a list that name one file stay together.
    /// </summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">Share and seed; the defaults where null.</param>
    public static DatasetSplits Of(ImageDataset dataset, DatasetSplitsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new();
        return options.ValidationShare > 0 ? StratifiedShare.Take(dataset, options.ValidationShare, options.Seed) : new(dataset, null);
    }

    static (ImageDataset Train, ImageDataset? Validation) OpenParts(string path, IReadOnlyList<string>? classes)
    {
        var (isCifar, isMnist) = (CifarDataset.IsCifarFolder(path), MnistDataset.IsMnistFolder(path));
        if (!isCifar && !isMnist && WebDataset.Contains(path)) return WebDataset.OpenParts(path, classes);
        if (Directory.Exists(path) && !isCifar && !isMnist) return ImageFolder.OpenParts(path, classes);
        var train = ImageDataset.Open(path, DatasetSplit.Train, classes);
        var hasTest = isCifar && CifarDataset.Has(path, DatasetSplit.Test) || isMnist && MnistDataset.Has(path, DatasetSplit.Test);
        return (train, hasTest ? ImageDataset.Open(path, DatasetSplit.Test, train.Classes) : null);
    }
}
