namespace ResNet.Dsl;

/// <summary>A result of a network.</summary>
/// <param name="Name">Name of the output, unique in the network.</param>
/// <param name="Shape">Its shape per image.</param>
public sealed record NetworkOutput(string Name, Shape Shape)
{
    /// <summary>Name of the end of a network that does not name it.</summary>
    public const string DefaultName = "output";
}
