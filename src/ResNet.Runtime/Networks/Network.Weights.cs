using ResNet.Dsl;
using ResNet.Runtime.Networks;
using ResNet.Runtime.Weights;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime;

public abstract partial class Network
{
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
    /// Opens any network that <see cref="Save(string)"/> or a training run has saved: makes the network, planned at run
    /// time, and loads weights, class names, preprocessing and metrics.
    /// </summary>
    /// <param name="path">The file, or the folder of a run: of its weights the best, or else the last.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <exception cref="WeightsException">The file is broken, or does not say which network it is of, as PyTorch's files do not.</exception>
    public static Network Open(string path, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = WeightFile.Open(RunFolder.WeightsOf(path));
        var architecture = StoredNetwork.ReadArchitecture(file);
        var network = Create(architecture.Network, device, architecture.Recompute);
        try
        {
            network.Load(file, replaceHead: false, key: null, default);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Loads weights from a safetensors file or a PyTorch checkpoint (<c>.pth</c>, <c>.th</c>), and the data that <see cref="Save(string)"/>
    /// kept with them: class names and preprocessing, where the program has not set its own, and metrics. A dense layer over flattened
    /// maps and the convolution with kernels of the maps' size load from each other's files. Either everything is loaded or, with an
    /// exception, nothing.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="replaceHead">
    /// Whether the file may have been made for other classes: a last dense layer (of a network without one, a last convolution) that
    /// does not fit is left out and initialized at random, to be trained.
    /// </param>
    /// <param name="key">
    /// The beginning of the names of the tensors to load, as <c>model_ema</c>, for a file that holds the network's several times.
    /// </param>
    /// <exception cref="WeightsException">
    /// The file is broken, or its tensors are not this network's, or several times; the message names them.
    /// </exception>
    public void Load(string path, bool replaceHead = false, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = WeightFile.Open(path);
        Load(file, replaceHead, key, default);
    }

    /// <summary>
    /// Loads the weights that torchvision publishes for a model, downloading them first if they are not in the user's
    /// cache folder. They bring ImageNet's class names and preprocessing, where the program has not set its own.
    /// </summary>
    /// <param name="model">One of the names in <see cref="PublishedWeights.Files"/>, such as <c>resnet50</c>.</param>
    /// <param name="options">Cache folder, address, offline mode; the defaults where null.</param>
    /// <param name="progress">Receives the progress after every piece of the download.</param>
    /// <param name="replaceHead">Whether the network may have other classes than ImageNet's, as in <see cref="Load(string, bool, string?)"/>.</param>
    /// <param name="cancellationToken">Interrupts the download; the received part is kept for the next time.</param>
    /// <exception cref="ArgumentException">No weights are published under this name.</exception>
    /// <exception cref="WeightsException">The weights cannot be had, or are not this network's.</exception>
    public async Task LoadPublishedAsync(
        string model, PublishedWeightsOptions? options = null, IProgress<DownloadProgress>? progress = null, bool replaceHead = false, CancellationToken cancellationToken = default)
    {
        using var file = WeightFile.Open(await PublishedWeights.GetAsync(model, options, progress, cancellationToken).ConfigureAwait(false));
        var hasPublishedHead = Load(file, replaceHead, key: null, cancellationToken);
        Describe(hasPublishedHead ? Runtime.Labels.ImageNet : null, Preprocessing.For(Definition.Input));
    }

    /// <summary>
    /// Saves the weights as safetensors, with all that <see cref="Open"/> needs: the architecture, the class names if they are known,
    /// the preprocessing, the metrics. An existing file is replaced at the end.
    /// </summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => Save(path, [], []);

    /// <summary>Saves the weights, and more with them.</summary>
    internal void Save(string path, IEnumerable<WeightTensor> more, Dictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(path);
        WeightFile.Save(path, Contents(more, metadata), metadata);
    }

    /// <summary>Returns the tensors of a file of weights, and completes its metadata.</summary>
    List<WeightTensor> Contents(IEnumerable<WeightTensor> more, Dictionary<string, string> metadata)
    {
        StoredNetwork.Write(new(Definition, Recomputes), KnownLabels, Metrics, metadata);
        List<WeightTensor> tensors = [.. Parameters.Tensors.Select(tensor => new WeightTensor(tensor.Name, [.. tensor.Shape], tensor.Read().ToArray())), .. more];
        StoredPreprocessing.Write(Preprocessing, metadata, tensors);
        return tensors;
    }

    /// <summary>Loads a file's weights and what came with them.</summary>
    /// <returns>Whether the file had every layer; false if the head is new.</returns>
    bool Load(WeightFile file, bool replaceHead, string? key, CancellationToken cancellationToken)
    {
        var head = replaceHead ? Definition.FindHead()?.Name : null;
        // Before memory is taken: what a file claims of its network may be out of all proportion.
        var expected = Layers.SelectMany(layer => layer.Parameters).Select(info => new ExpectedTensor(info.Name, [.. info.Shape])).ToList();
        var mapping = NameMapping.Match(file.Path, file.StateDict, expected, head, key);
        var isWhole = mapping.LeftOut.Count == 0;
        var preprocessing = StoredPreprocessing.Read(file, Definition.Input);
        var metrics = isWhole ? StoredNetwork.ReadMetrics(file) : new Dictionary<string, double>();
        var loaded = new Parameters(Definition);
        foreach (var (name, tensor) in mapping.Tensors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tensor.CopyTo(loaded[name].Edit());
        }
        new HeInitializer().Initialize(loaded, mapping.LeftOut);
        Parameters present;
        lock (_lock) present = _parameters ??= loaded;
        if (present != loaded) present.Adopt(loaded);
        Describe(isWhole ? StoredNetwork.ReadLabels(file, (int)OutputShape.Elements) : null, preprocessing);
        Metrics = metrics;
        return isWhole;
    }
}
