using ResNet.Runtime.Data;

namespace ResNet.Runtime.Runs;

/// <summary>Augmentations by name.</summary>
static class Augmentations
{
    public const string CropFlip = "crop-flip", ScaleJitter = "scale-jitter", ScaleAspect = "scale-aspect", None = "none";

    /// <summary>Added to the name of an augmentation: with colour noise.</summary>
    public const string Color = "+color";

    // Krizhevsky et al. 2012, section 4.1.
    const double ColorNoise = 0.1;

    public static string Names => $"{string.Join(", ", CropFlip, ScaleJitter, ScaleAspect)}, each also with {Color}, or {None}";

    /// <exception cref="ArgumentException">There is no such augmentation.</exception>
    public static IAugmentation Create(string name, Preprocessing preprocessing)
    {
        var isColored = name.EndsWith(Color, StringComparison.Ordinal);
        var noise = isColored ? ColorNoise : 0;
        return (isColored ? name[..^Color.Length] : name) switch
        {
            CropFlip => new CropAndFlip { Normalization = preprocessing, ColorNoise = noise },
            ScaleJitter => new ScaleJitterCrop { Normalization = preprocessing, ColorNoise = noise },
            ScaleAspect => new ScaleAspectCrop { Normalization = preprocessing, ColorNoise = noise },
            None when !isColored => new Unchanged(preprocessing),
            _ => throw new ArgumentException($"There is no augmentation {name}; expected {Names}"),
        };
    }
}
