using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// The augmentation of CIFAR in He et al. 2015, section 4.2: normalized, padded on each side, cropped to the image's own size
/// at random, mirrored every other time. An image of another size than the network's input is first resized and cropped at the
/// center, as for classification.
/// </summary>
public sealed record CropAndFlip : CropAugmentation
{
    /// <summary>Pixels of padding on each side, of value zero after normalization; 0 for no random crop.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="Image.MaxPixels"/>.</exception>
    public int Padding
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Padding));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Image.MaxPixels, nameof(Padding));
            field = value;
        }
    } = 4;

    private protected override string Parameters => $"Padding = {Padding}";

    private protected override Crop Cut(Image image, CounterRandom random)
    {
        var fits = (image.Width, image.Height) == (Normalization.Width, Normalization.Height);
        return new(fits ? image : Normalization.Crop(image), random.Below(2 * Padding + 1, 0) - Padding, random.Below(2 * Padding + 1, 1) - Padding, Draws: 2);
    }
}
