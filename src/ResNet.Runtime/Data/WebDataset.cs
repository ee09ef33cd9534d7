using ResNet.Runtime.Data.Folders;
using ResNet.Runtime.Data.Shards;

namespace ResNet.Runtime.Data;

/// <summary>
/// Images in tar files as WebDataset writes them: of each sample an image and, under the same name, its label as <c>.cls</c> or in a field of
/// <c>.json</c>. The headers are read once, when the data set is opened; then each image is read from its place, without unpacking.
/// </summary>
public sealed class WebDataset : ImageDataset
{
    readonly IReadOnlyList<ShardSample> _samples;
    readonly int[] _classes;

    WebDataset(string path, string[] shards, IReadOnlyList<string>? classes, string? labelField, IReadOnlyList<string> warnings)
    {
        var indices = Array.ConvertAll(shards, shard => new ShardIndex(ShardFiles.Checked(shard), labelField));
        _samples = [.. indices.SelectMany(index => index.Read())];
        if (_samples.Count == 0) throw new DatasetException($"{path}: expected images ({string.Join(", ", ImageFormats.Extensions)}) with labels beside them (.cls), found none");
        (Classes, _classes) = new TextLabels(path, [.. _samples.Select(sample => sample.Label)], NameOf).Match(classes);
        var without = indices.Sum(index => index.WithoutImage);
        Warnings = without == 0 ? warnings : [.. warnings, $"{path}: {without} samples have no image that can be read"];
        Description = $"{Count} images of {(shards is [var shard] ? Path.GetFileName(shard) : $"{shards.Length} tar files")}";
    }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override int Count => _samples.Count;

    /// <summary>Names of the classes: the network's, those in <c>classes.txt</c> beside the files, or else the labels' own.</summary>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads the headers of the files of one part.</summary>
    /// <param name="path">
    /// A tar file; a pattern, as <c>train-{000..146}.tar</c>; or a folder of tar files, whose names or folders tell the part: <c>train-000.tar</c>,
    /// <c>val/000.tar</c>.
    /// </param>
    /// <param name="split">The part of a folder whose files have such names; others are taken whole.</param>
    /// <param name="classes">Names of the classes; null for those of the data.</param>
    /// <param name="labelField">The field of <c>.json</c> that is the label; null for <c>.cls</c>, or the field <c>label</c> where there is none.</param>
    /// <exception cref="ArgumentException">The split is no part.</exception>
    /// <exception cref="DatasetException">A file is missing, packed, damaged or cut short, or an image has no label or a wrong one.</exception>
    public static WebDataset Open(string path, DatasetSplit split, IReadOnlyList<string>? classes = null, string? labelField = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        split.Checked();
        if (!Directory.Exists(path)) return new(path, ShardFiles.Named(path), classes ?? NamesBeside(Path.GetDirectoryName(Path.GetFullPath(path))!), labelField, []);
        var parts = ShardFiles.Parts(path);
        return new(path, parts.Of(split), classes ?? NamesBeside(path), labelField, parts.Warnings);
    }

    /// <inheritdoc/>
    public override int ClassOf(int index) => _classes[index];

    /// <inheritdoc/>
    public override string NameOf(int index) => $"{_samples[index].Shard}#{_samples[index].Name}";

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        var sample = _samples[index];
        try
        {
            if (sample.Length > ImageOptions.Default.MaxBytes)
                throw new ImageException($"Expected an image of at most {ImageOptions.Default.MaxBytes} bytes; found {sample.Length}.");
            using var file = File.OpenHandle(sample.Shard);
            var content = new byte[sample.Length];
            for (var at = 0; at < content.Length;)
                at += RandomAccess.Read(file, content.AsSpan(at), sample.Offset + at) is > 0 and var read ? read : throw new EndOfStreamException("the file has become shorter");
            return Image.Decode(content);
        }
        catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{NameOf(index)}: {e.Message}", e);
        }
    }

    /// <summary>Whether a path names tar files of samples.</summary>
    internal static bool Contains(string path) => ShardFiles.Contains(path);

    /// <summary>Opens the images to train on and, if a folder has a part for them, those to validate on.</summary>
    internal static (WebDataset Train, WebDataset? Validation) OpenParts(string path, IReadOnlyList<string>? classes)
    {
        var train = Open(path, DatasetSplit.Train, classes);
        var validation = Directory.Exists(path) ? ShardFiles.Parts(path).Validation : null;
        return (train, validation is null ? null : new(path, validation, train.Classes, null, []));
    }

    static IReadOnlyList<string>? NamesBeside(string folder) => ClassList.Find(folder)?.Lines;
}
