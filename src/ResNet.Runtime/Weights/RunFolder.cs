namespace ResNet.Runtime.Weights;

/// <summary>The weights in a folder: of a training run, or of a model as Hugging Face's hub keeps it.</summary>
static class RunFolder
{
    public const string Last = "last.safetensors", Best = "best.safetensors";

    /// <summary>The hub's names of weights: in one file or, by an index, in several.</summary>
    static readonly string[] _ofHub = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

    /// <summary>
    /// The best weights of a run's folder or, where there are none yet, the last; the weights of a folder of the hub; a path that is no
    /// folder as it is.
    /// </summary>
    /// <exception cref="WeightsException">The folder has none of these.</exception>
    public static string WeightsOf(string path)
    {
        if (!Directory.Exists(path)) return path;
        return _ofHub.Prepend(Last).Prepend(Best).Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new WeightsException(path, "the folder holds no weights", expected: $"{Best} or {Last} of a run, or {string.Join(", ", _ofHub[..2])}");
    }
}
