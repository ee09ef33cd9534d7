using ResNet.Runtime.Data.Mnist;

namespace ResNet.Runtime.Data;

/// <summary>
/// MNIST (LeCun et al. 1998) or a set of the same files, as Fashion-MNIST (Xiao et al. 2017): gray images of 28 × 28 pixels in ten
/// classes. An image's red, green and blue are equal, so a network takes them with <c>.Input(3, 28, 28)</c>.
/// </summary>
public sealed class MnistDataset : ImageDataset
{
    /// <summary>Height and width of an image.</summary>
    public const int Side = 28;

    const int Pixels = Side * Side;

    static readonly string[] _digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    // As published by Xiao et al. 2017, table 2.
    static readonly string[] _fashion = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    readonly IdxFile _images;
    readonly byte[] _labels;

    MnistDataset(string imagePath, string labelPath, IReadOnlyList<string> classes)
    {
        Classes = classes;
        _images = IdxFile.Read(imagePath, rank: 3);
        if (_images.Shape is not [var count, Side, Side])
            throw new DatasetException($"{imagePath}: expected images of {Side} × {Side}, found {string.Join(" × ", _images.Shape)}");
        _labels = IdxFile.Read(labelPath, rank: 1).Values;
        if (_labels.Length != count)
            throw new DatasetException($"{labelPath}: expected {count} labels, as there are images in {Path.GetFileName(imagePath)}, found {_labels.Length}");
        if (_labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes.Count - 1)) is >= 0 and var wrong)
            throw new DatasetException($"{labelPath}: expected labels from 0 to {classes.Count - 1}, found {_labels[wrong]} in record {wrong}");
    }

    /// <inheritdoc/>
    public override string Description => $"{Count} gray images, {Path.GetFileName(_images.Path)}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override int Count => _labels.Length;

    /// <summary>Reads one part of the data set.</summary>
    /// <param name="folder">
    /// A folder with <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>,
    /// each as it is or as <c>.gz</c>. Some copies have <c>images.idx3</c> for <c>images-idx3</c>; they are read, too.
    /// </param>
    /// <param name="split">The part.</param>
    /// <param name="classes">
    /// Names of ten classes; where null, those of Fashion-MNIST if the folder or the one that holds it is named so, as its files cannot be
    /// told from others, or else the digits.
    /// </param>
    /// <exception cref="ArgumentException">The split is no part.</exception>
    /// <exception cref="DatasetException">A file is missing, is damaged, or does not fit the other, or there are not ten names.</exception>
    public static new MnistDataset Open(string folder, DatasetSplit split, IReadOnlyList<string>? classes = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var part = PartOf(split.Checked());
        return new(Find(folder, part, "images", 3), Find(folder, part, "labels", 1), NamesOf(folder, classes, IsFashion(folder) ? _fashion : _digits));
    }

    /// <summary>The 28 × 28 bytes of an image, row after row: 0 for the background, 255 for full ink.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> Grey(int index) => _images.Values.AsSpan(Checked(index) * Pixels, Pixels);

    /// <inheritdoc/>
    public override int ClassOf(int index) => _labels[Checked(index)];

    /// <inheritdoc/>
    public override string NameOf(int index) => $"{_images.Path}#{Checked(index)}";

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        var grey = Grey(index);
        var pixels = new byte[3 * Pixels];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = grey[i / 3];
        return new(Side, Side, pixels);
    }

    /// <summary>Whether a folder holds MNIST's files.</summary>
    internal static bool IsMnistFolder(string folder) => Has(folder, DatasetSplit.Train) || Has(folder, DatasetSplit.Test);

    /// <summary>Whether a folder holds the images of a part.</summary>
    internal static bool Has(string folder, DatasetSplit split) => Candidates(folder, PartOf(split), "images", 3).Any(File.Exists);

    static string PartOf(DatasetSplit split) => split == DatasetSplit.Train ? "train" : "t10k";

    /// <summary>As in <c>fashion-mnist/</c> or <c>FashionMNIST/raw/</c>.</summary>
    static bool IsFashion(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string?[] names = [Path.GetFileName(full), Path.GetFileName(Path.GetDirectoryName(full))];
        return Array.Exists(names, name => name?.Contains("fashion", StringComparison.OrdinalIgnoreCase) == true);
    }

    static string Find(string folder, string part, string content, int rank) =>
        Candidates(folder, part, content, rank).FirstOrDefault(File.Exists)
        ?? throw new DatasetException($"{Path.Combine(folder, $"{part}-{content}-idx{rank}-ubyte")}: there is no such file, nor one that ends in .gz");

    static IEnumerable<string> Candidates(string folder, string part, string content, int rank)
    {
        var start = Path.Combine(folder, $"{part}-{content}");
        return [$"{start}-idx{rank}-ubyte", $"{start}-idx{rank}-ubyte.gz", $"{start}.idx{rank}-ubyte", $"{start}.idx{rank}-ubyte.gz"];
    }

    int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index;
    }
}
