namespace ResNet.Runtime.Weights;

/// <summary>The weights in the folder of a training run.</summary>
static class RunFolder
{
    public const string Last = "last.safetensors", Best = "best.safetensors";

    /// <summary>The best weights of a folder or, where there are none yet, the last; a path that is no folder as it is.</summary>
    /// <exception cref="WeightsException">The folder has neither.</exception>
    public static string WeightsOf(string path)
    {
        if (!Directory.Exists(path)) return path;
        return new[] { Best, Last }.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new WeightsException(path, "the folder holds no weights of a run", expected: $"{Best} or {Last}");
    }
}
