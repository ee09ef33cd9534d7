namespace ResNet.Runtime.Weights;

/// <summary>The names of a file's tensors as a network knows them.</summary>
static class StateDict
{
    /// <summary>What wrappers put before every name: data parallelism, torch.compile, and classes that keep the network in a field.</summary>
    static readonly string[] _prefixes = ["module.", "_orig_mod.", "model.", "net.", "state_dict."];

    /// <summary>How many batches the running statistics have seen; PyTorch counts them, inference has no use for them.</summary>
    const string Counter = "num_batches_tracked";

    /// <summary>What a checkpoint of training keeps beside the weights.</summary>
    public const string TrainingPrefix = "training.";

    public static Dictionary<string, WeightTensor> Of(IReadOnlyList<WeightTensor> all)
    {
        var tensors = all.Where(IsWeight).ToList();
        var start = 0;
        while (_prefixes.FirstOrDefault(prefix => tensors.Count > 0 && tensors.All(t => t.Name.AsSpan(start).StartsWith(prefix, StringComparison.Ordinal))) is { } shared)
            start += shared.Length;
        return tensors.ToDictionary(t => t.Name[start..], StringComparer.Ordinal);
    }

    /// <summary>Whether a tensor is no counter, such as the models that an average is made of, and nothing that this library keeps beside weights.</summary>
    static bool IsWeight(WeightTensor tensor) =>
        !(tensor.Shape.IsEmpty && tensor.Type is WeightType.Int64 or WeightType.Int32) && !tensor.Name.EndsWith(Counter, StringComparison.Ordinal)
        && !tensor.Name.StartsWith(TrainingPrefix, StringComparison.Ordinal) && tensor.Name != StoredPreprocessing.PixelMean;
}
