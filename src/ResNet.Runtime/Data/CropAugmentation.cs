using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// The common part of the papers' augmentations: a random crop of the size of the network's input, mirrored every other time, with
/// or without a policy of operations on its pixels and color noise, normalized, and maybe erased in part.
/// </summary>
public abstract record CropAugmentation : IAugmentation
{
    /// <summary>The position of the colors in an image's random stream, after the numbers that any crop takes.</summary>
    const int Colors = 16;

    private protected CropAugmentation()
    {
    }

    /// <summary>The network's preprocessing: its height and width are the crop's; its means and deviations normalize.</summary>
    public required Preprocessing Normalization { get; init; }

    /// <summary>Whether to mirror horizontally with probability one half.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>
    /// Standard deviation of the noise along the principal components of ImageNet's colors; 0 for none, 0.1 in
    /// Krizhevsky et al. 2012, section 4.1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double ColorNoise
    {
        get;
        init
        {
            if (value < 0 || !double.IsFinite(value))
                throw new ArgumentOutOfRangeException(nameof(ColorNoise), value, "A standard deviation is finite and at least 0.");
            field = value;
        }
    }

    /// <summary>
    /// Operations on the pixels of the crop after it is mirrored; null for none. Pixels of padding are not yet there: their value is zero after normalization.
    /// </summary>
    public ImagePolicy? Policy { get; init; }

    /// <summary>Erases a rectangle of the normalized image; null for none.</summary>
    public RandomErasing? Erasing { get; init; }

    /// <inheritdoc/>
    public string Identity => string.Create(CultureInfo.InvariantCulture,
        $"{GetType().Name} {{ {Parameters}, Flip = {Flip}, ColorNoise = {ColorNoise}{(Policy is null ? "" : $", Policy = {Policy.Identity}")}{(Erasing is null ? "" : $", Erasing = {Erasing.Identity}")}, Normalization = {Normalization} }}");

    /// <summary>The values that a crop follows from, in the same words in every culture.</summary>
    private protected abstract string Parameters { get; }

    /// <inheritdoc/>
    public Shape Output => new(Normalization.Channels, Normalization.Height, Normalization.Width);

    /// <inheritdoc/>
    public void Apply(Image image, ulong seed, int epoch, int index, Span<float> to)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (to.Length != Output.Elements)
            throw new ArgumentException($"{Output} values are written; there is room for {to.Length}.", nameof(to));
        // The stream that belongs to the seed, the epoch and the image.
        var random = new CounterRandom(new CounterRandom(new CounterRandom(seed)[epoch])[index]);
        var crop = Cut(image, random);
        var isMirrored = Flip && random.Uniform(crop.Draws) < 0.5;
        Span<float> shift = stackalloc float[3];
        if (ColorNoise > 0) PrincipalColors.Draw(random, Colors, ColorNoise, shift);
        if (Policy is not null)
        {
            // In torchvision's order: the policy sees the mirrored picture, whose window lies on the other side.
            if (isMirrored) crop = crop with { Image = crop.Image.FlipHorizontal(), Left = -crop.Left };
            crop = crop with { Image = Policy.Apply(crop.Image, new CounterRandom(random.Key, "policy")) };
            isMirrored = false;
        }
        Normalization.Normalize(crop.Image, crop.Left, crop.Top, isMirrored, shift, to);
        Erasing?.Apply(to, Output, new(random.Key, "erasing"));
    }

    /// <summary>Cuts out a random part.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="random">The values of this image in this epoch.</param>
    private protected abstract Crop Cut(Image image, CounterRandom random);

    /// <summary>A part of a picture: a window of an image of the window's own size.</summary>
    /// <param name="Image">An image of the size of the network's input.</param>
    /// <param name="Left">The window's first column; what lies outside of the image is zero after normalization.</param>
    /// <param name="Top">The window's first row.</param>
    /// <param name="Draws">Values of the random stream that it took.</param>
    private protected readonly record struct Crop(Image Image, int Left, int Top, int Draws);
}
