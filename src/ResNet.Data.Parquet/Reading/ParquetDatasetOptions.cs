namespace ResNet.Data.Parquet;

/// <summary>Options of <see cref="ParquetDataset"/>.</summary>
public sealed record ParquetDatasetOptions
{
    /// <summary>Names of the classes that a network has, by index; null for those that the data have.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<string>? Classes
    {
        get;
        init => field = value is { Count: 0 } ? throw new ArgumentException("A network has at least one class; null takes the classes of the data", nameof(Classes)) : value;
    }

    /// <summary>The column of images; null for the one that the hub's metadata name, <c>image</c>, <c>img</c>, or the only one with bytes.</summary>
    public string? ImageColumn { get; init; }

    /// <summary>The column of labels; null for the first that the hub's metadata name, <c>label</c> and the like, or the only one with integers.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>
    /// The most bytes of encoded images that are kept in memory, by default 512 MiB. Row groups are read whole; a shuffled epoch takes images from
    /// as many of them at once as half of this holds, or from all if all fit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long CacheBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(CacheBytes));
            field = value;
        }
    } = 512L << 20;
}
