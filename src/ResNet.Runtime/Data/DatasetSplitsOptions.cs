namespace ResNet.Runtime.Data;

/// <summary>Options of <see cref="DatasetSplits"/>.</summary>
public sealed record DatasetSplitsOptions
{
    /// <summary>Names of the classes that a network has, by index; null for those that the data have.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<string>? Classes
    {
        get;
        init => field = value is { Count: 0 } ? throw new ArgumentException("A network has at least one class; null takes the classes of the data", nameof(Classes)) : value;
    }

    /// <summary>
    /// The part of each class that is validated on where the data have no images for that, from 0 to below 1. 0 for none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0, or not below 1.</exception>
    public double ValidationShare
    {
        get;
        init => field = value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(ValidationShare), value, "The share for validation is from 0 to below 1.");
    } = 0.2;

    /// <summary>Decides which images of a class are validated on.</summary>
    public ulong Seed { get; init; }
}
