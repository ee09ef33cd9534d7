using ResNet.Runtime;

namespace ResNet.Tool.Zoo;

/// <summary>A network that the tool knows by name.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Create">Makes the network on a device; on the shared CPU if null.</param>
sealed record Model(string Name, string Description, Func<Device?, Network> Create)
{
    /// <summary>Where the model's weights stand, if they come with the tool.</summary>
    public string BundledWeights => Path.Combine(AppContext.BaseDirectory, "weights", Name + ".safetensors");
}
