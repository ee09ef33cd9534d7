using ResNet.Data.Parquet.Reading;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Data.Folders;

namespace ResNet.Data.Parquet;

/// <summary>
/// Labeled images in Parquet files, as the Hugging Face hub ships them: a column of images (encoded, as bytes or in a struct with <c>bytes</c> and
/// <c>path</c>) and one of labels (integers or texts). Labels are read when the files are opened, images by the row group, of which a bounded number
/// of bytes is kept.
/// </summary>
public sealed class ParquetDataset : ImageDataset
{
    const string Extension = ".parquet";

    // Folders of the hub hold few others: data, the names of a set's variants. Those of a million images by class are not searched.
    const int DeepestFolder = 2, MostFolders = 16;

    readonly List<ImageBlock> _blocks;
    readonly BlockCache _cache;
    readonly int[] _firsts;
    readonly int[] _classes;

    ParquetDataset(string path, string[] files, ParquetDatasetOptions options, IReadOnlyList<string> warnings)
    {
        ParquetFile[] opened = [.. files.Select(file => ParquetFile.Open(file, options))];
        _blocks = [.. opened.SelectMany(file => file.Blocks).Where(block => block.Rows > 0)];
        _firsts = new int[_blocks.Count];
        for (var block = 1; block < _firsts.Length; block++) _firsts[block] = checked(_firsts[block - 1] + _blocks[block - 1].Rows);
        if (_blocks.Count == 0) throw new DatasetException($"{path}: expected rows with images, found none");
        (Classes, _classes) = new ParquetLabels(path, opened).Match(options.Classes);
        _cache = new(_blocks, options.CacheBytes);
        var bytes = _blocks.Sum(block => block.Bytes);
        if (bytes > options.CacheBytes) BlocksAtOnce = (int)Math.Max(1, options.CacheBytes / 2 * _blocks.Count / bytes);
        Description = $"{Count} images of {(files is [var file] ? Path.GetFileName(file) : $"{files.Length} Parquet files")}";
        Warnings = IsSorted ? [.. warnings, $"{path}: the images are sorted by class, and {BlocksAtOnce} of {_blocks.Count} row groups are shuffled at a time; shuffle the rows, or raise {nameof(ParquetDatasetOptions)}.{nameof(options.CacheBytes)}"] : warnings;
    }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override int Count => _classes.Length;

    /// <summary>Names of the classes: the network's, those in the hub's metadata, or else the labels' own.</summary>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    internal override int? BlocksAtOnce { get; }

    /// <summary>Whether most row groups show one class of several, so that images that are shuffled among a few row groups show few classes.</summary>
    bool IsSorted => BlocksAtOnce is not null && Classes.Count > 1
        && 2 * Enumerable.Range(0, _blocks.Count).Count(block => _classes.AsSpan(_firsts[block], _blocks[block].Rows).IndexOfAnyExcept(_classes[_firsts[block]]) < 0) > _blocks.Count;

    /// <summary>Whether a path is a Parquet file, or a folder that holds some, in itself or in folders as <c>data</c>.</summary>
    /// <param name="path">The file or folder.</param>
    public static bool IsParquet(string path) => Directory.Exists(path)
        ? InFolder(path).Any()
        : path is not null && path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && File.Exists(path);

    /// <summary>Opens one part of a data set.</summary>
    /// <param name="path">A file, which is taken whole; or a folder of files whose names tell the part: <c>data/train-00000-of-00002.parquet</c>, <c>validation-…</c>, <c>test-…</c>.</param>
    /// <param name="split">The part, where files have such names.</param>
    /// <param name="options">Columns, names of classes, memory; the defaults where null.</param>
    /// <exception cref="ArgumentException">The split is no part.</exception>
    /// <exception cref="DatasetException">A file is missing or damaged, or lacks a column; a label is missing or no class; or the program is compiled ahead of time. The message names file, row and column.</exception>
    public static ParquetDataset Open(string path, DatasetSplit split, ParquetDatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        split.Checked();
        if (!Directory.Exists(path)) return new(path, [path], options ?? new(), []);
        var parts = PartsOf(path);
        return new(path, parts.Of(split), options ?? new(), parts.Warnings);
    }

    /// <summary>
    /// Opens the images to train on and those to validate on: <c>validation</c>, or else <c>test</c>, of a folder; where there is neither, a share of each
    /// class (<see cref="DatasetSplits.Of"/>).
    /// </summary>
    /// <param name="path">A file, or a folder of files.</param>
    /// <param name="options">Share, seed, and names of classes; the defaults where null.</param>
    /// <param name="columns">Columns and memory; the defaults where null.</param>
    /// <exception cref="DatasetException">As of <see cref="Open"/>.</exception>
    public static DatasetSplits OpenSplits(string path, DatasetSplitsOptions? options = null, ParquetDatasetOptions? columns = null)
    {
        columns ??= new();
        var train = Open(path, DatasetSplit.Train, columns with { Classes = options?.Classes ?? columns.Classes });
        var validation = Directory.Exists(path) ? PartsOf(path).Validation : null;
        return validation is null ? DatasetSplits.Of(train, options) : new(train, new ParquetDataset(path, validation, columns with { Classes = train.Classes }, []));
    }

    /// <inheritdoc/>
    public override int ClassOf(int index) => _classes[index];

    /// <inheritdoc/>
    public override string NameOf(int index)
    {
        var (file, row) = PlaceOf(index);
        return $"{file.Path}#{row}";
    }

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        var block = BlockOf(index);
        try
        {
            var content = _cache.Images(block)[index - _firsts[block]] ?? throw new ImageException("the row has no bytes; a path alone is not followed.");
            return Image.Decode(content.Span);
        }
        catch (ImageException e)
        {
            var (file, row) = PlaceOf(index);
            throw new DatasetException($"{file.Path}, row {row}, column {file.ImageColumn}: {e.Message}", e);
        }
    }

    internal override int BlockOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var found = Array.BinarySearch(_firsts, index);
        return found >= 0 ? found : ~found - 1;
    }

    (ParquetFile File, int Row) PlaceOf(int index)
    {
        var block = BlockOf(index);
        return (_blocks[block].File, _blocks[block].FirstRow + index - _firsts[block]);
    }

    static PartFiles PartsOf(string folder) => InFolder(folder).ToArray() is { Length: > 0 } files
        ? new(folder, files)
        : throw new DatasetException($"{folder}: expected Parquet files ({Extension}), found none");

    static IEnumerable<string> InFolder(string folder, int depth = 0)
    {
        var folders = depth < DeepestFolder ? HiddenEntries.VisibleFolders(folder) : [];
        return Directory.EnumerateFiles(folder, "*" + Extension, new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive })
            .Concat(folders.Length <= MostFolders ? folders.SelectMany(name => InFolder(Path.Combine(folder, name), depth + 1)) : []);
    }
}
