using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Training;

/// <summary>Augmentations as the command line names them.</summary>
static class Augmentations
{
    public static IReadOnlyList<string> Names { get; } = ["none", "crop-flip"];

    /// <exception cref="ToolException">There is no such augmentation.</exception>
    public static CropAndFlip Create(string name, Network network) => name switch
    {
        "none" => new CropAndFlip { Padding = 0, Flip = false, Normalization = network.Preprocessing },
        "crop-flip" => new CropAndFlip { Normalization = network.Preprocessing },
        _ => throw new ToolException($"There is no augmentation {name}; expected {string.Join(", ", Names)}"),
    };
}
