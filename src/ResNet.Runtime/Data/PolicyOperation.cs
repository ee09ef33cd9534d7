using ResNet.Runtime.Imaging;

namespace ResNet.Runtime.Data;

/// <summary>An operation of a policy, as torchvision's <c>RandAugment</c> and <c>TrivialAugmentWide</c> have it.</summary>
/// <param name="Name">torchvision's name.</param>
/// <param name="IsSigned">Whether its magnitude is negative every other time.</param>
/// <param name="Magnitude">Its magnitude: of the picture, by index.</param>
/// <param name="Run">Applies it: to a picture, with a magnitude, with interpolation or not.</param>
sealed record PolicyOperation(string Name, bool IsSigned, Func<Image, int, double> Magnitude, Func<Image, double, bool, Image> Run)
{
    /// <summary>The operations of a policy, in torchvision's order.</summary>
    /// <param name="count">Number of magnitudes.</param>
    /// <param name="shear">The greatest slope.</param>
    /// <param name="translation">The greatest shift, of a side's length.</param>
    /// <param name="rotation">The greatest angle, in degrees.</param>
    /// <param name="enhancement">The greatest deviation of a factor from 1.</param>
    /// <param name="bits">Most bits that posterizing clears.</param>
    public static PolicyOperation[] All(int count, double shear, Func<int, double> translation, double rotation, double enhancement, int bits) =>
    [
        new("Identity", false, (_, _) => 0, (image, _, _) => image),
        new("ShearX", true, (_, i) => Linear(0, shear, i, count), Affine.ShearX),
        new("ShearY", true, (_, i) => Linear(0, shear, i, count), Affine.ShearY),
        new("TranslateX", true, (image, i) => Linear(0, translation(image.Width), i, count), (image, magnitude, bilinear) => Affine.Translate(image, (int)magnitude, 0, bilinear)),
        new("TranslateY", true, (image, i) => Linear(0, translation(image.Height), i, count), (image, magnitude, bilinear) => Affine.Translate(image, 0, (int)magnitude, bilinear)),
        new("Rotate", true, (_, i) => Linear(0, rotation, i, count), Affine.Rotate),
        new("Brightness", true, (_, i) => Linear(0, enhancement, i, count), (image, magnitude, _) => Enhancement.Brightness(image, 1 + magnitude)),
        new("Color", true, (_, i) => Linear(0, enhancement, i, count), (image, magnitude, _) => Enhancement.Color(image, 1 + magnitude)),
        new("Contrast", true, (_, i) => Linear(0, enhancement, i, count), (image, magnitude, _) => Enhancement.Contrast(image, 1 + magnitude)),
        new("Sharpness", true, (_, i) => Linear(0, enhancement, i, count), (image, magnitude, _) => Enhancement.Sharpness(image, 1 + magnitude)),
        new("Posterize", false, (_, i) => 8 - Math.Round((float)i / ((float)(count - 1) / bits)), (image, magnitude, _) => Tones.Posterize(image, (int)magnitude)),
        new("Solarize", false, (_, i) => Linear(255, 0, i, count), (image, magnitude, _) => Tones.Solarize(image, magnitude)),
        new("AutoContrast", false, (_, _) => 0, (image, _, _) => Tones.AutoContrast(image)),
        new("Equalize", false, (_, _) => 0, (image, _, _) => Tones.Equalize(image)),
    ];

    /// <summary>PyTorch's <c>linspace</c>: in single precision with a fused multiply-add, from the nearer end.</summary>
    static double Linear(double from, double to, int index, int count)
    {
        var (start, end) = ((float)from, (float)to);
        var step = (end - start) / (count - 1);
        return index < count / 2 ? MathF.FusedMultiplyAdd(step, index, start) : MathF.FusedMultiplyAdd(-step, count - 1 - index, end);
    }
}
