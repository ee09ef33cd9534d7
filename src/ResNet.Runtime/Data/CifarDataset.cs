using ResNet.Runtime.Data.Cifar;

namespace ResNet.Runtime.Data;

/// <summary>
/// CIFAR-10 or CIFAR-100 (Krizhevsky 2009) in its binary or its Python version: color images of 32 × 32 pixels. CIFAR-100 has its fine labels.
/// </summary>
public sealed class CifarDataset : ImageDataset
{
    /// <summary>Height and width of an image.</summary>
    public const int Side = CifarFile.Side;

    const int Pixels = Side * Side;

    static readonly (string[] Train, string Test)[] _layouts =
    [
        (Batches(".bin"), "test_batch.bin"),
        (["train.bin"], "test.bin"),
        (Batches(""), "test_batch"),
        (["train"], "test"),
    ];

    readonly List<(CifarFile File, int First)> _files = [];
    readonly int _count;

    CifarDataset(string path, IReadOnlyList<string> files, IReadOnlyList<string>? classes)
    {
        foreach (var name in files)
        {
            var file = CifarFile.Read(name);
            if (_files is [var (other, _), ..] && other.Classes != file.Classes)
                throw new DatasetException($"{name}: expected CIFAR-{other.Classes} as in {other.Path}, found CIFAR-{file.Classes}");
            _files.Add((file, _count));
            _count += file.Count;
        }
        Classes = NamesOf(path, classes, CifarNames.Of(_files[0].File));
    }

    /// <summary>Names of the 10 or 100 classes: the network's, or those in the files beside the images. CIFAR-10's are known without.</summary>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override string Description =>
        $"CIFAR-{Classes.Count}, {string.Join(", ", _files.Select(part => Path.GetFileName(part.File.Path)))}";

    /// <inheritdoc/>
    public override int Count => _count;

    /// <summary>Reads a file, or the files of one part of the data set from the folder of its archive.</summary>
    /// <param name="path">
    /// A file, or a folder with <c>data_batch_1.bin</c> … <c>test_batch.bin</c> (CIFAR-10) or <c>train.bin</c> and <c>test.bin</c> (CIFAR-100); of
    /// the Python version, the same without <c>.bin</c>.
    /// </param>
    /// <param name="split">The part of a folder; a file is taken whole.</param>
    /// <param name="classes">Names of the classes; null for those of the data set.</param>
    /// <exception cref="ArgumentException">The split is no part.</exception>
    /// <exception cref="DatasetException">
    /// A file is missing, is not a whole number of records, is a pickle that holds anything but images and labels, or has a label out of range, or
    /// there are not as many names as classes.
    /// </exception>
    public static new CifarDataset Open(string path, DatasetSplit split, IReadOnlyList<string>? classes = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        split.Checked();
        return new(path, Directory.Exists(path) ? FilesOf(path, split) : [path], classes);
    }

    /// <summary>The 3 × 32 × 32 bytes of an image: the red plane, the green, the blue.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> Planes(int index)
    {
        var (file, record) = Find(index);
        return file.Planes(record);
    }

    /// <inheritdoc/>
    public override int ClassOf(int index)
    {
        var (file, record) = Find(index);
        return file.Labels[record];
    }

    /// <inheritdoc/>
    public override string NameOf(int index)
    {
        var (file, record) = Find(index);
        return $"{file.Path}#{record}";
    }

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        var planes = Planes(index);
        var pixels = new byte[CifarFile.ImageBytes];
        for (var i = 0; i < Pixels; i++)
            for (var channel = 0; channel < 3; channel++)
                pixels[3 * i + channel] = planes[channel * Pixels + i];
        return new(Side, Side, pixels);
    }

    /// <summary>Whether a folder is that of an unpacked CIFAR archive.</summary>
    internal static bool IsCifarFolder(string folder) => Array.Exists(_layouts, layout => IsIn(folder, layout));

    /// <summary>Whether a CIFAR folder holds a file of a part.</summary>
    internal static bool Has(string folder, DatasetSplit split) => Array.Exists(FilesOf(folder, split), File.Exists);

    static bool IsIn(string folder, (string[] Train, string Test) layout) =>
        layout.Train.Append(layout.Test).Any(name => File.Exists(Path.Combine(folder, name)));

    static string[] FilesOf(string folder, DatasetSplit split)
    {
        // A folder with nothing of CIFAR lacks the files of the first layout.
        var (train, test) = _layouts.Where(layout => IsIn(folder, layout)).DefaultIfEmpty(_layouts[0]).First();
        return [.. (split == DatasetSplit.Train ? train : [test]).Select(name => Path.Combine(folder, name))];
    }

    static string[] Batches(string extension) => [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}{extension}")];

    (CifarFile File, int Record) Find(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _count);
        var part = _files.Count - 1;
        while (_files[part].First > index) part--;
        return (_files[part].File, index - _files[part].First);
    }
}
