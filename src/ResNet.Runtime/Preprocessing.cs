using ResNet.Dsl;

namespace ResNet.Runtime;

/// <summary>How a picture becomes a network's input: shorter side resized, centre cropped, scaled to 0…1, normalized by channel.</summary>
/// <param name="Resize">Length in pixels to which the shorter side is resized, with antialiasing.</param>
/// <param name="Height">Rows of the centre crop.</param>
/// <param name="Width">Columns of the centre crop.</param>
public sealed record Preprocessing(int Resize, int Height, int Width)
{
    static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    static readonly float[] ImageNetDeviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Subtracted from each of the red, green and blue channels. ImageNet's mean by default.</summary>
    public IReadOnlyList<float> Mean { get; init; } = ImageNetMean;

    /// <summary>Divides each of the red, green and blue channels. ImageNet's standard deviation by default.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = ImageNetDeviation;

    /// <summary>
    /// The common evaluation of a network's size: ImageNet's 256/224 margin around the crop (He et al. 2015, section 3.4),
    /// and none for small images as of CIFAR.
    /// </summary>
    /// <param name="input">Shape of the network's input.</param>
    public static Preprocessing For(Shape input)
    {
        var side = Math.Max(input.Height, input.Width);
        return new(side <= 64 ? side : (int)Math.Round(side * 256 / 224.0), input.Height, input.Width);
    }

    /// <summary>Writes one image's input tensor, channels × height × width.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="to">3 × <see cref="Height"/> × <see cref="Width"/> values.</param>
    public void Apply(Image image, Span<float> to)
    {
        ArgumentNullException.ThrowIfNull(image);
        image.ResizeShorterSide(Resize).CenterCrop(Width, Height).CopyTo(to, [.. Mean], [.. Deviation]);
    }
}
