namespace ResNet.Runtime.Weights;

/// <summary>The names of a file's tensors as a network knows them.</summary>
static class StateDict
{
    /// <summary>The prefixes that wrappers put before every name: data parallelism, torch.compile, and classes that keep the network in a field.</summary>
    static readonly string[] _prefixes = ["module.", "_orig_mod.", "model.", "net.", "state_dict."];

    /// <summary>The name of PyTorch's count of batches of the running statistics, which inference does not need.</summary>
    const string Counter = "num_batches_tracked";

    /// <summary>The prefix of the entries that a checkpoint of training keeps beside the weights.</summary>
    public const string TrainingPrefix = "training.";

    /// <summary>Whether a tensor, or a text among the metadata, is the state of a training run.</summary>
    public static bool IsOfTraining(string name) => name.StartsWith(TrainingPrefix, StringComparison.Ordinal);

    public static Dictionary<string, WeightTensor> Of(IReadOnlyList<WeightTensor> all)
    {
        var tensors = all.Where(IsWeight).ToList();
        var start = SharedPrefix(tensors);
        return tensors.ToDictionary(t => t.Name[start..], StringComparer.Ordinal);
    }

    /// <summary>The length of the wrappers' prefix that all names have.</summary>
    public static int SharedPrefix(IReadOnlyCollection<WeightTensor> tensors)
    {
        var start = 0;
        while (_prefixes.FirstOrDefault(prefix => tensors.Count > 0 && tensors.All(t => t.Name.AsSpan(start).StartsWith(prefix, StringComparison.Ordinal))) is { } shared)
            start += shared.Length;
        return start;
    }

    /// <summary>Whether a tensor is no counter, such as the models that an average is made of, and nothing that this library keeps beside weights.</summary>
    public static bool IsWeight(WeightTensor tensor) =>
        !(tensor.Shape.IsEmpty && tensor.Type is WeightType.Int64 or WeightType.Int32) && !tensor.Name.EndsWith(Counter, StringComparison.Ordinal)
        && !IsOfTraining(tensor.Name) && tensor.Name != StoredPreprocessing.PixelMean;
}
