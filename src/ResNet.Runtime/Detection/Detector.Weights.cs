using ResNet.Dsl;
using ResNet.Runtime.Detection;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime;

public abstract partial class Detector
{
    /// <summary>
    /// The metrics of the weights, by name; empty if unknown. It is saved and loaded with them. A training run sets <c>epoch</c>, <c>loss</c> and,
    /// with validation, <c>map</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double> Metrics
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new Dictionary<string, double>();

    /// <summary>Whether <see cref="Open"/> can open a file: it describes a detector, and not a classifier.</summary>
    /// <param name="path">The file, or the folder of a run.</param>
    /// <exception cref="WeightsException">There is no such file, or it is broken.</exception>
    public static bool CanOpen(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = WeightFile.Open(RunFolder.WeightsOf(path));
        return StoredDetector.IsIn(file);
    }

    /// <summary>Opens any detector that <see cref="Save(string)"/> or a training run has saved.</summary>
    /// <param name="path">The file, or the folder of a run: of its weights the best, or else the last.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <exception cref="WeightsException">The file is broken, or does not say which detector it is of, as PyTorch's files do not.</exception>
    public static Detector Open(string path, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = WeightFile.Open(RunFolder.WeightsOf(path));
        var detector = Create(StoredDetector.ReadDefinition(file), device);
        try
        {
            detector.Load(file);
            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Loads weights from a safetensors file or a PyTorch checkpoint: under this library's names, torchvision's (<c>backbone.body…</c>,
    /// <c>rpn.head…</c>, <c>roi_heads…</c>) or detectron2's of its C4 models (<c>backbone.res4…</c>, <c>proposal_generator…</c>, <c>roi_heads.res5…</c>).
    /// Either everything is loaded or, with an exception, nothing.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">The file is broken, or its tensors are not this detector's; the message names them.</exception>
    public void Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = WeightFile.Open(path);
        Load(file);
    }

    /// <summary>
    /// Loads the weights of a classifier into the layers that the detector shares with it; its last layer is left out, and the layers that only a detector
    /// has are as they were. Either everything is loaded or, with an exception, nothing.
    /// </summary>
    /// <param name="path">The file: torchvision's ResNet or VGG, or what <see cref="Network.Save(string)"/> has saved of one.</param>
    /// <exception cref="WeightsException">The file is broken, or its tensors are not the backbone's; the message names them.</exception>
    public void LoadBackbone(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = WeightFile.Open(path);
        var tensors = file.StateDict.Where(entry => !DetectorNames.IsClassifier(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value);
        Adopt(NameMapping.Match(file.Path, tensors, Expected(name => !DetectorNames.IsOfDetector(name))));
        if (StoredPreprocessing.Read(file, Trunk.Definition.Input) is { } preprocessing) Trunk.Preprocessing = preprocessing;
    }

    /// <summary>Saves the weights as safetensors, with all that <see cref="Open"/> needs. An existing file is replaced at the end.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => Save(path, [], []);

    /// <summary>Saves the weights, and more with them.</summary>
    internal void Save(string path, IEnumerable<WeightTensor> more, Dictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(path);
        StoredDetector.Write(Definition, _labels, Metrics, metadata);
        List<WeightTensor> tensors = [.. Tensors.Select(tensor => new WeightTensor(tensor.Name, [.. tensor.Shape], tensor.Read().ToArray())), .. more];
        StoredPreprocessing.Write(Trunk.Preprocessing, metadata, tensors);
        WeightFile.Save(path, tensors, metadata);
    }

    IEnumerable<ParameterTensor> Tensors => Trunk.Parameters.Tensors.Concat(Head.Parameters.Tensors);

    void Load(WeightFile file)
    {
        var mapping = NameMapping.Match(file.Path, DetectorNames.Translate(file, Definition.Settings), Expected(_ => true));
        var preprocessing = StoredPreprocessing.Read(file, Trunk.Definition.Input);
        var metrics = StoredNetwork.ReadMetrics(file);
        Adopt(mapping);
        if (preprocessing is not null) Trunk.Preprocessing = preprocessing;
        if (StoredNetwork.ReadLabels(file, Definition.Settings.Classes) is { } labels) _labels = labels;
        Metrics = metrics;
    }

    List<ExpectedTensor> Expected(Func<string, bool> isWanted) =>
        [.. Tensors.Where(tensor => isWanted(tensor.Name)).Select(tensor => new ExpectedTensor(tensor.Name, [.. tensor.Shape]))];

    /// <summary>Takes over the tensors that a file has, as a whole.</summary>
    void Adopt(NameMapping mapping)
    {
        var (trunk, head) = (Filled(Trunk), Filled(Head));
        Trunk.Parameters.Adopt(trunk);
        Head.Parameters.Adopt(head);

        Parameters Filled(Network network)
        {
            var loaded = new Parameters(network.Definition);
            foreach (var tensor in network.Parameters.Tensors)
            {
                var to = loaded[tensor.Name].Edit();
                if (mapping.Tensors.TryGetValue(tensor.Name, out var from)) from.CopyTo(to);
                else tensor.Read().CopyTo(to);
            }
            return loaded;
        }
    }
}
