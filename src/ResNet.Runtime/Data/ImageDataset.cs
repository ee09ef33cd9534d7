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
    /// Opens a data set in any of the known layouts: a CIFAR binary file or a folder of them (its test images), a folder with
    /// a folder of images per class, or a CSV file that lists an image file and its class per line.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="labels">Names of the network's classes, by index.</param>
    /// <exception cref="DatasetException">There is nothing at that path, it has none of those layouts, or does not fit the classes.</exception>
    public static ImageDataset Open(string path, IReadOnlyList<string> labels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(labels);
        if (Directory.Exists(path))
            return CifarDataset.IsCifarFolder(path) ? Fitting(CifarDataset.Open(path), path, labels) : ImageFolder.Open(path, labels);
        if (!File.Exists(path)) throw new DatasetException($"{path}: there is no such file or folder");
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".BIN" => Fitting(CifarDataset.Open(path), path, labels),
            ".CSV" => ImageList.Open(path, labels),
            var other => throw new DatasetException(
                $"{path}: expected a CIFAR binary file (.bin), a list of images (.csv) or a folder, found a file {(other.Length == 0 ? "without extension" : other.ToLowerInvariant())}"),
        };
    }

    static CifarDataset Fitting(CifarDataset dataset, string path, IReadOnlyList<string> labels) =>
        dataset.Classes == labels.Count ? dataset : throw new DatasetException(
            $"{path}: expected images of the network's {labels.Count} classes, found CIFAR-{dataset.Classes}");
}
