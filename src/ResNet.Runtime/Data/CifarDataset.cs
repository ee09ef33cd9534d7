namespace ResNet.Runtime.Data;

/// <summary>Which part of a data set.</summary>
public enum DatasetSplit
{
    /// <summary>The images that no network is trained on.</summary>
    Test,

    /// <summary>The images to train on.</summary>
    Train,
}

/// <summary>
/// CIFAR-10 or CIFAR-100 in the binary layout of Krizhevsky 2009: per image one label byte (of CIFAR-100 two: coarse, then
/// fine; the fine one counts), then 32 × 32 red, green and blue bytes, plane after plane.
/// </summary>
public sealed class CifarDataset : ImageDataset
{
    /// <summary>Height and width of an image.</summary>
    public const int Side = 32;

    const int Pixels = Side * Side;
    const int ImageBytes = 3 * Pixels;

    readonly List<(string Path, byte[] Content, int First)> _files = [];
    readonly int _labelBytes;
    readonly int _count;

    CifarDataset(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            var content = ReadAll(path);
            var labelBytes = LabelBytes(path, content.Length);
            if (_labelBytes != 0 && labelBytes != _labelBytes)
                throw new DatasetException($"{path}: expected {Name(_labelBytes)} as in {paths[0]}, found {Name(labelBytes)}");
            _labelBytes = labelBytes;
            _files.Add((path, content, _count));
            _count += content.Length / RecordBytes;
            CheckLabels(path, content);
        }
    }

    /// <summary>Number of classes: 10 or 100.</summary>
    public int Classes => _labelBytes == 1 ? 10 : 100;

    /// <inheritdoc/>
    public override string Description =>
        $"{Name(_labelBytes)}, {string.Join(", ", _files.Select(file => Path.GetFileName(file.Path)))}";

    /// <inheritdoc/>
    public override int Count => _count;

    int RecordBytes => _labelBytes + ImageBytes;

    /// <summary>Reads a binary file, or the files of one part of the data set from the folder of its archive.</summary>
    /// <param name="path">A file, or a folder with <c>data_batch_1.bin</c> … <c>test_batch.bin</c> (CIFAR-10) or <c>train.bin</c> and <c>test.bin</c> (CIFAR-100).</param>
    /// <param name="split">Which part of a folder.</param>
    /// <exception cref="DatasetException">A file is missing, is not a whole number of records, or has a label out of range.</exception>
    public static CifarDataset Open(string path, DatasetSplit split = DatasetSplit.Test)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(Directory.Exists(path) ? FilesOf(path, split) : [path]);
    }

    /// <summary>The 3 × 32 × 32 bytes of an image: the red plane, the green, the blue.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> Planes(int index)
    {
        var (content, at, _, _) = Find(index);
        return content.AsSpan(at + _labelBytes, ImageBytes);
    }

    /// <inheritdoc/>
    public override int ClassOf(int index)
    {
        var (content, at, _, _) = Find(index);
        return content[at + _labelBytes - 1];
    }

    /// <inheritdoc/>
    public override string NameOf(int index)
    {
        var (_, _, path, record) = Find(index);
        return $"{path}#{record}";
    }

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        var planes = Planes(index);
        Span<byte> pixels = stackalloc byte[ImageBytes];
        for (var i = 0; i < Pixels; i++)
            for (var channel = 0; channel < 3; channel++)
                pixels[3 * i + channel] = planes[channel * Pixels + i];
        return Image.FromRgb(Side, Side, pixels);
    }

    /// <summary>Whether a folder is that of an unpacked CIFAR archive.</summary>
    internal static bool IsCifarFolder(string folder) =>
        Directory.EnumerateFiles(folder, "data_batch_*").Any() || Directory.EnumerateFiles(folder, "test_batch*").Any() || HasCifar100(folder);

    static bool HasCifar100(string folder) =>
        File.Exists(Path.Combine(folder, "train.bin")) || File.Exists(Path.Combine(folder, "test.bin"));

    static string[] FilesOf(string folder, DatasetSplit split)
    {
        if (File.Exists(Path.Combine(folder, "test_batch")))
            throw new DatasetException($"{folder}: expected CIFAR's binary version (test_batch.bin), found its Python version");
        string[] names = (HasCifar100(folder), split) switch
        {
            (true, DatasetSplit.Test) => ["test.bin"],
            (true, _) => ["train.bin"],
            (false, DatasetSplit.Test) => ["test_batch.bin"],
            (false, _) => [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin")],
        };
        return [.. names.Select(name => Path.Combine(folder, name))];
    }

    static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)}", e);
        }
    }

    static int LabelBytes(string path, int length)
    {
        var fits10 = length % (1 + ImageBytes) == 0;
        var fits100 = length % (2 + ImageBytes) == 0;
        if (length == 0 || !fits10 && !fits100)
            throw new DatasetException($"{path}: expected a multiple of {1 + ImageBytes} bytes (CIFAR-10) or of {2 + ImageBytes} bytes (CIFAR-100), found {length} bytes");
        // A length that fits both is decided by the names that CIFAR-100's archive has.
        var isNamed100 = Path.GetFileName(path).ToUpperInvariant() is "TRAIN.BIN" or "TEST.BIN";
        return fits100 && (!fits10 || isNamed100) ? 2 : 1;
    }

    static string Name(int labelBytes) => labelBytes == 1 ? "CIFAR-10" : "CIFAR-100";

    void CheckLabels(string path, byte[] content)
    {
        for (var at = 0; at < content.Length; at += RecordBytes)
            if (content[at + _labelBytes - 1] is var label && label >= Classes)
                throw new DatasetException($"{path}: expected labels from 0 to {Classes - 1}, found {label} in record {at / RecordBytes}");
    }

    (byte[] Content, int Offset, string Path, int Record) Find(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _count);
        var (path, content, first) = _files.FindLast(file => file.First <= index);
        return (content, (index - first) * RecordBytes, path, index - first);
    }
}
