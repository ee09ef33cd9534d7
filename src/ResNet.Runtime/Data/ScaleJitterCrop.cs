using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// The augmentation of ImageNet in He et al. 2015, section 3.4, after Simonyan and Zisserman 2014: the shorter side resized to
/// a random length, a crop of the network's input size at a random place, mirrored every other time. For an input that is not
/// square, the image is resized until it covers a rectangle of the input's proportions, whose shorter side has that length.
/// </summary>
public sealed record ScaleJitterCrop : CropAugmentation
{
    /// <summary>
    /// The least and the greatest length of the resized image's shorter side, in pixels; each length between is as likely. 256 and 480
    /// for the papers' crop of 224 pixels, and in proportion to the crop's shorter side for others, where not set.
    /// </summary>
    /// <exception cref="ArgumentException">The least is not positive, or above the greatest.</exception>
    public (int Min, int Max) ShorterSide
    {
        get => field.Min > 0 ? field : (Scaled(256), Scaled(480));
        init
        {
            if (value.Min < 1 || value.Max < value.Min)
                throw new ArgumentException($"{nameof(ShorterSide)} is {value}; expected positive lengths, the least first", nameof(ShorterSide));
            field = value;
        }
    }

    int CropSide => Math.Min(Normalization.Width, Normalization.Height);

    private protected override string Parameters => $"ShorterSide = {ShorterSide.Min} to {ShorterSide.Max}";

    private protected override Crop Cut(Image image, CounterRandom random)
    {
        var (least, greatest) = ShorterSide;
        if (least < CropSide)
            throw new ArgumentException($"{nameof(ShorterSide)} is {ShorterSide}; a crop of {Normalization.Width}×{Normalization.Height} pixels needs at least {CropSide}");
        var resized = Normalization.Cover(image, least + random.Below(greatest - least + 1, 0));
        var left = random.Below(resized.Width - Normalization.Width + 1, 1);
        var top = random.Below(resized.Height - Normalization.Height + 1, 2);
        return new(resized.Crop(left, top, Normalization.Width, Normalization.Height), 0, 0, Draws: 3);
    }

    int Scaled(int side) => (int)Math.Round(CropSide * side / 224.0);
}
