using ResNet.Dsl;
using ResNet.Runtime.Weights;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime;

public abstract partial class Network
{
    /// <summary>Key of the class names in a file's metadata, one name per line.</summary>
    const string LabelsKey = "labels";

    Parameters? _parameters;

    /// <summary>The weights, by name, in PyTorch's layout. He et al.'s random initialization until others are loaded.</summary>
    public Parameters Parameters
    {
        get
        {
            lock (_lock)
            {
                if (_parameters is null)
                {
                    var parameters = new Parameters(Definition);
                    new HeInitializer().Initialize(parameters);
                    _parameters = parameters;
                }
                return _parameters;
            }
        }
    }

    /// <summary>
    /// Loads weights from a safetensors file or a PyTorch checkpoint (<c>.pth</c>, <c>.th</c>), and the class names and the
    /// preprocessing that <see cref="Save(string)"/> kept with them. Either everything is loaded or, with an exception, nothing.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="replaceHead">
    /// Whether the file may have been made for other classes: a last dense layer that does not fit is left out and
    /// initialized at random, to be trained.
    /// </param>
    /// <exception cref="WeightsException">The file is broken, or its tensors are not this network's; the message names them.</exception>
    public void Load(string path, bool replaceHead = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = WeightFile.Open(path);
        var head = replaceHead ? Layers.LastOrDefault(layer => layer.Layer is Dense)?.Name : null;
        var loaded = new Parameters(Definition);
        var expected = loaded.Tensors.Select(tensor => new ExpectedTensor(tensor.Name, [.. tensor.Shape])).ToList();
        var mapping = NameMapping.Match(path, file.StateDict, expected, head);
        foreach (var (name, tensor) in mapping.Tensors)
            tensor.CopyTo(loaded[name].Edit());
        new HeInitializer().Initialize(loaded, mapping.LeftOut);
        var preprocessing = StoredPreprocessing.Read(file, Definition.Input);
        Parameters present;
        lock (_lock) present = _parameters ??= loaded;
        if (present != loaded) present.Adopt(loaded);
        if (file.Metadata.TryGetValue(LabelsKey, out var labels) && labels.Split('\n') is var names && names.Length == OutputShape.Elements)
            Labels = names;
        if (preprocessing is not null) Preprocessing = preprocessing;
    }

    /// <summary>
    /// Loads the weights that torchvision publishes for a model, downloading them first if they are not in the user's
    /// cache folder.
    /// </summary>
    /// <param name="model">One of the names in <see cref="PublishedWeights.Files"/>, such as <c>resnet50</c>.</param>
    /// <param name="options">Cache folder, address, offline mode; the defaults where null.</param>
    /// <param name="progress">Told after every piece that arrives.</param>
    /// <param name="cancellationToken">Interrupts the download; what has arrived is kept for the next time.</param>
    /// <exception cref="ArgumentException">No weights are published under this name.</exception>
    /// <exception cref="WeightsException">The weights cannot be had, or are not this network's.</exception>
    public async Task LoadPublishedAsync(
        string model, PublishedWeightsOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Load(await PublishedWeights.GetAsync(model, options, progress, cancellationToken).ConfigureAwait(false));

    /// <summary>Saves the weights as safetensors, with the class names and the preprocessing. An existing file is replaced at the end.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => Save(path, [], []);

    /// <summary>Saves the weights, and more with them.</summary>
    internal void Save(string path, IEnumerable<WeightTensor> more, Dictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(path);
        metadata["network"] = Definition.Name;
        metadata[LabelsKey] = string.Join('\n', Labels);
        List<WeightTensor> tensors = [.. Parameters.Tensors.Select(tensor => new WeightTensor(tensor.Name, [.. tensor.Shape], tensor.Read().ToArray())), .. more];
        StoredPreprocessing.Write(Preprocessing, metadata, tensors);
        WeightFile.Save(path, tensors, metadata);
    }
}
