using System.Globalization;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// The augmentation of Szegedy et al. 2014, section 6, as torchvision's <c>RandomResizedCrop</c>: a crop of random area and aspect
/// ratio, at a random place, resized to the network's input size, mirrored every other time.
/// </summary>
public sealed record ScaleAspectCrop : CropAugmentation
{
    /// <summary>The number of draws of a crop that does not lie within the image, before the central one is taken.</summary>
    const int Tries = 10;

    /// <summary>The least and the greatest part of the image's area; uniform between.</summary>
    /// <exception cref="ArgumentException">They are not parts of 1, above 0, the least first.</exception>
    public (double Min, double Max) Area
    {
        get;
        init => field = value is { Min: > 0, Max: <= 1 } && value.Min <= value.Max ? value
            : throw new ArgumentException($"{nameof(Area)} is {value}; expected parts of 1, above 0, the least first", nameof(Area));
    } = (0.08, 1);

    /// <summary>
    /// The least and the greatest ratio of the crop's width to its height; its logarithm is uniform between. 3/4 and 4/3 of the
    /// input's own ratio where not set, so that crops are distorted as much one way as the other.
    /// </summary>
    /// <exception cref="ArgumentException">They are not positive and finite, the least first.</exception>
    public (double Min, double Max) Aspect
    {
        get => field.Min > 0 ? field : (3.0 / 4 * InputAspect, 4.0 / 3 * InputAspect);
        init => field = value is { Min: > 0, Max: < double.PositiveInfinity } && value.Min <= value.Max ? value
            : throw new ArgumentException($"{nameof(Aspect)} is {value}; expected positive ratios, the least first", nameof(Aspect));
    }

    double InputAspect => (double)Normalization.Width / Normalization.Height;

    private protected override string Parameters => string.Create(CultureInfo.InvariantCulture, $"Area = {Area.Min} to {Area.Max}, Aspect = {Aspect.Min} to {Aspect.Max}");

    private protected override Crop Cut(Image image, CounterRandom random)
    {
        var (left, top, width, height) = Place(image.Width, image.Height, random);
        return new(image.Crop(left, top, width, height).Resize(Normalization.Width, Normalization.Height), 0, 0, Draws: 2 * Tries + 2);
    }

    /// <summary>The random part of an image of that size.</summary>
    internal (int Left, int Top, int Width, int Height) Place(int width, int height, CounterRandom random)
    {
        var (least, greatest) = (Math.Log(Aspect.Min), Math.Log(Aspect.Max));
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var area = (double)width * height * (Area.Min + (Area.Max - Area.Min) * random.Uniform(2 * attempt));
            var aspect = Math.Exp(least + (greatest - least) * random.Uniform(2 * attempt + 1));
            var (columns, rows) = (Math.Round(Math.Sqrt(area * aspect)), Math.Round(Math.Sqrt(area / aspect)));
            if (columns < 1 || columns > width || rows < 1 || rows > height) continue;
            var (cropWidth, cropHeight) = ((int)columns, (int)rows);
            return (random.Below(width - cropWidth + 1, 2 * Tries), random.Below(height - cropHeight + 1, 2 * Tries + 1), cropWidth, cropHeight);
        }
        return Central(width, height);
    }

    /// <summary>The largest part of an allowed ratio, from the center.</summary>
    (int Left, int Top, int Width, int Height) Central(int width, int height)
    {
        var ratio = (double)width / height;
        var (cropWidth, cropHeight) = ratio < Aspect.Min ? (width, (int)Math.Round(width / Aspect.Min))
            : ratio > Aspect.Max ? ((int)Math.Round(height * Aspect.Max), height)
            : (width, height);
        // With extreme ratios a side may round to nothing.
        (cropWidth, cropHeight) = (Math.Max(1, cropWidth), Math.Max(1, cropHeight));
        return ((width - cropWidth) / 2, (height - cropHeight) / 2, cropWidth, cropHeight);
    }
}
