using ResNet.Dsl;

namespace ResNet.Peers;

/// <summary>The work of all programs: one batch of random images, with classes that training learns.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">Images at a time.</param>
/// <param name="Threads">Threads that compute.</param>
sealed record Workload(NetworkDefinition Network, int Batch, int Threads)
{
    /// <summary>batch × channels × height × width, from -1 to 1.</summary>
    public float[] Images { get; } = RandomValues.Fill(new float[checked(Batch * (int)Network.Input.Elements)], -1, 1, seed: 1);

    /// <summary>The class of each image.</summary>
    public int[] Labels { get; } = [.. Enumerable.Range(0, Batch).Select(image => image % Network.Output.Channels)];

    /// <summary>Channels, rows and columns of an image.</summary>
    public long[] InputShape => [Network.Input.Channels, Network.Input.Height, Network.Input.Width];

    public int Classes => Network.Output.Channels;
}
