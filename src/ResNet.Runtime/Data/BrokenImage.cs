namespace ResNet.Runtime.Data;

/// <summary>An image that could not be read.</summary>
/// <param name="Index">The image's index in the data set.</param>
/// <param name="Reason">Its name and what is wrong.</param>
public readonly record struct BrokenImage(int Index, string Reason);
