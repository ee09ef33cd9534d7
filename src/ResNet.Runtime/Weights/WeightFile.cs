using ResNet.Runtime.Files;
using ResNet.Runtime.Weights;
using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.PyTorch;

namespace ResNet.Runtime;

/// <summary>
/// A file of weights, or its bytes in memory: safetensors, what PyTorch's <c>torch.save</c> writes (<c>.pth</c>, <c>.th</c>; the zip format and
/// the legacy one), or an index of several such files. The content decides the format, not the name. Opening checks the whole structure and reads no
/// numbers: they are read from the memory-mapped file when asked for. Nothing in the file is executed: of the objects that a
/// checkpoint holds beside its tensors, nothing but their classes' names is read.
/// </summary>
/// <remarks>While it is open, the file must not be shortened. Reading is safe from several threads; disposing meanwhile is not.</remarks>
public sealed class WeightFile : IDisposable
{
    readonly WeightBytes _file;
    readonly List<WeightBytes> _shards;
    readonly Dictionary<string, WeightTensor> _byName;

    WeightFile(WeightBytes file, List<WeightBytes> shards)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Weights are stored in little-endian order, which this machine does not have.");
        (_file, _shards) = (file, shards);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Tensors = Read(file, metadata, shards);
        Metadata = metadata;
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        StateDict = Weights.StateDict.Of(Tensors);
    }

    /// <summary>The file's path, as it was given, or the name of the stream or memory that was opened.</summary>
    public string Path => _file.Name;

    /// <summary>
    /// Every tensor, in the file's order and under the file's names. Where a checkpoint holds several dictionaries of tensors, their
    /// names follow those of the dictionaries, as in <c>model.conv1.weight</c> and <c>ema.conv1.weight</c>.
    /// </summary>
    public IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>
    /// The tensors under the names that a network knows: without a prefix that all of them share because the model was wrapped
    /// (<c>module.</c>), and without counters (<c>num_batches_tracked</c>, <c>n_averaged</c>).
    /// </summary>
    public IReadOnlyDictionary<string, WeightTensor> StateDict { get; }

    /// <summary>The texts under <c>__metadata__</c> of a safetensors file; empty for PyTorch's formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor with the given name in the file.</summary>
    /// <exception cref="WeightsException">There is none.</exception>
    public WeightTensor this[string name] =>
        _byName.GetValueOrDefault(name) ?? throw _file.Invalid("it is missing", name);

    /// <summary>Opens a file and checks its structure.</summary>
    /// <param name="path">
    /// The file; the index (<c>model.safetensors.index.json</c>) of weights in several files; the folder of a run, of whose weights the best are
    /// opened, or else the last; or a folder with a <c>model.safetensors</c> or such an index.
    /// </param>
    /// <exception cref="WeightsException">The file is absent, of another format, damaged, or has content that no weights need.</exception>
    public static WeightFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(MappedFile.Open(RunFolder.WeightsOf(path)));
    }

    /// <summary>Reads the rest of a stream into memory and checks its structure. The stream stays open.</summary>
    /// <param name="stream">The weights, in any of the formats of files.</param>
    /// <param name="name">The stream's name in messages.</param>
    /// <exception cref="WeightsException">The content is of another format, damaged, longer than 2 GiB, or cannot be read.</exception>
    public static WeightFile Open(Stream stream, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Open(MemoryBytes.ReadAll(name, stream));
    }

    /// <summary>Checks the structure of weights in memory, which are not copied.</summary>
    /// <param name="content">The weights, in any of the formats of files. They must not change while this object is in use.</param>
    /// <param name="name">The memory's name in messages.</param>
    /// <exception cref="WeightsException">The content is of another format or damaged.</exception>
    public static WeightFile Open(ReadOnlyMemory<byte> content, string name = "memory") => Open(new MemoryBytes(name, content));

    /// <inheritdoc cref="Open(Stream, string)" path="/summary|/exception"/>
    /// <param name="stream">The weights, in any of the formats of files.</param>
    /// <param name="name">The stream's name in messages.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<WeightFile> OpenAsync(Stream stream, string name = "stream", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Open(await MemoryBytes.ReadAllAsync(name, stream, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Writes a safetensors file. It appears whole or not at all: an existing file is replaced only once everything is on disk.
    /// Tensors keep their type; wider types come first, in the given order otherwise.
    /// </summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="tensors">The tensors, each with a name of its own.</param>
    /// <param name="metadata">Texts to keep with the weights.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is reserved.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var all = Distinct(tensors);
        WholeFile.Write(path, stream => SafeTensors.Write(stream, all, metadata ?? new Dictionary<string, string>()));
    }

    /// <summary>Writes safetensors to a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(string, IEnumerable{WeightTensor}, IReadOnlyDictionary{string, string}?)"/>
    public static void Save(Stream stream, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SafeTensors.Write(stream, Distinct(tensors), metadata ?? new Dictionary<string, string>());
    }

    /// <summary>Closes the file; its tensors can be read no more.</summary>
    public void Dispose() => Dispose(_file, _shards);

    /// <summary>The places of the bytes: the file, and the shards of an index.</summary>
    internal IEnumerable<string> Sources => _shards.Prepend(_file).Select(part => part.Name);

    static WeightFile Open(WeightBytes file)
    {
        var shards = new List<WeightBytes>();
        try
        {
            return new(file, shards);
        }
        catch
        {
            Dispose(file, shards);
            throw;
        }
    }

    static void Dispose(WeightBytes file, List<WeightBytes> shards)
    {
        foreach (var part in shards.Prepend(file)) part.Dispose();
    }

    static WeightTensor[] Distinct(IEnumerable<WeightTensor> tensors)
    {
        var all = tensors.ToArray();
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        return all.FirstOrDefault(tensor => !names.Add(tensor.Name)) is { } clash
            ? throw new ArgumentException($"The name '{clash.Name}' is {(clash.Name == "__metadata__" ? "reserved" : "there twice")}.", nameof(tensors))
            : all;
    }

    /// <summary>Reads the tensors of a file or, by its index, of several, which are added to <paramref name="shards"/>.</summary>
    static List<WeightTensor> Read(WeightBytes file, Dictionary<string, string> metadata, List<WeightBytes> shards)
    {
        if (!WeightShards.IsJson(file.Slice(0, Math.Min(32, file.Length)))) return Read(file, metadata);
        var tensors = new List<WeightTensor>();
        foreach (var (path, names) in WeightShards.Read(file))
        {
            shards.Add(MappedFile.Open(path));
            var ofShard = Read(shards[^1], metadata);
            WeightShards.Check(file, path, ofShard, names);
            tensors.AddRange(ofShard);
        }
        return tensors;
    }

    static List<WeightTensor> Read(WeightBytes file, Dictionary<string, string> metadata)
    {
        if (file.Length == 0)
            throw file.Invalid("it is empty");
        var start = file.Slice(0, Math.Min(32, file.Length));
        if (TorchLegacy.Recognizes(start))
            return TorchLegacy.Read(file);
        // A safetensors header opens with a brace; where a zip archive tells how its first entry is compressed, none stands.
        if (start.Length > 8 && start[8] == '{')
            return SafeTensors.Read(file, metadata);
        if (start.StartsWith("PK"u8))
            return TorchZip.Read(file);
        throw file.Invalid("this is no weights file", expected: "safetensors, or what PyTorch's torch.save writes", found: ForeignWeights.Describe(start));
    }
}
