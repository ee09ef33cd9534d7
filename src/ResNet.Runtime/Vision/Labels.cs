namespace ResNet.Runtime;

/// <summary>The names of a data set's classes.</summary>
public static class Labels
{
    /// <summary>The ten classes of CIFAR-10, by index.</summary>
    public static IReadOnlyList<string> Cifar10 { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>The thousand classes of ILSVRC 2012, by index.</summary>
    public static IReadOnlyList<string> ImageNet => _imageNet.Value;

    static readonly Lazy<IReadOnlyList<string>> _imageNet = new(() => ReadLines(
        typeof(Labels).Assembly.GetManifestResourceStream("ResNet.Runtime.ImageNetLabels.txt")!));

    /// <summary>Reads names from a text file, one per line, in the order of their indices.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<string> Load(string path) => ReadLines(File.OpenRead(path));

    static List<string> ReadLines(Stream stream)
    {
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            if (line.Trim() is { Length: > 0 } name) lines.Add(name);
        return lines;
    }
}
