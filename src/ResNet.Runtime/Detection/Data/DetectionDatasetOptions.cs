namespace ResNet.Runtime;

/// <summary>Options of <see cref="DetectionDataset"/>s that are read from files.</summary>
public sealed record DetectionDatasetOptions
{
    /// <summary>Names of the classes, by index; null for those that the data have. An object of another class is an error.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<string>? Classes
    {
        get;
        init => field = value is { Count: 0 } ? throw new ArgumentException("A detector has at least one class; null takes the classes of the data", nameof(Classes)) : value;
    }

    /// <summary>The treatment of invalid boxes. An error by default.</summary>
    public InvalidBoxes InvalidBoxes { get; init; }

    /// <summary>The folder of the image files; null to find it beside the annotations.</summary>
    public string? ImageFolder { get; init; }
}
