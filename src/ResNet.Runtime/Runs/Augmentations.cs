using System.Globalization;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Runs;

/// <summary>Augmentations by name: a crop, and parts that are added to it, each once, as in <c>scale-aspect+trivial+erase:0.1</c>.</summary>
static class Augmentations
{
    public const string CropFlip = "crop-flip", ScaleJitter = "scale-jitter", ScaleAspect = "scale-aspect", None = "none";

    /// <summary>A part: with color noise, with TrivialAugment.</summary>
    public const string Color = "+color", Trivial = "+trivial";

    /// <summary>A part: with RandAugment of a magnitude, with random erasing of a probability.</summary>
    public const string Random = "+rand:", Erase = "+erase:";

    // Krizhevsky et al. 2012, section 4.1.
    const double ColorNoise = 0.1;

    public static string Names => $"{string.Join(", ", CropFlip, ScaleJitter, ScaleAspect)}, each also with {Color}, {Trivial} or {Random}MAGNITUDE (0 to 30), {Erase}PROBABILITY, or {None}";

    /// <exception cref="ArgumentException">There is no such augmentation.</exception>
    public static IAugmentation Create(string name, Preprocessing preprocessing)
    {
        var parts = name.Split('+');
        CropAugmentation? crop = parts[0] switch
        {
            CropFlip => new CropAndFlip { Normalization = preprocessing },
            ScaleJitter => new ScaleJitterCrop { Normalization = preprocessing },
            ScaleAspect => new ScaleAspectCrop { Normalization = preprocessing },
            _ => null,
        };
        if (crop is null) return name == None ? new Unchanged(preprocessing) : throw Unknown(name);
        foreach (var part in parts[1..]) crop = Add(crop, $"+{part}", name);
        return crop;
    }

    static CropAugmentation Add(CropAugmentation crop, string part, string name) => part switch
    {
        Color when crop.ColorNoise == 0 => crop with { ColorNoise = ColorNoise },
        // As in torchvision's references.
        Trivial when crop.Policy is null => crop with { Policy = new TrivialAugmentWide { Bilinear = true } },
        _ when crop.Policy is null && IsNumbered(part, Random, out var magnitude) && magnitude is >= 0 and <= 30 && magnitude % 1 == 0 =>
            crop with { Policy = new RandAugment { Magnitude = (int)magnitude, Bilinear = true } },
        _ when crop.Erasing is null && IsNumbered(part, Erase, out var probability) && probability is >= 0 and <= 1 =>
            crop with { Erasing = new RandomErasing { Probability = probability } },
        _ => throw Unknown(name),
    };

    static bool IsNumbered(string part, string prefix, out double number)
    {
        number = 0;
        return part.StartsWith(prefix, StringComparison.Ordinal)
            && double.TryParse(part.AsSpan(prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    static ArgumentException Unknown(string name) => new($"There is no augmentation {name}; expected {Names}");
}
