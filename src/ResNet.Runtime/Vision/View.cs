using ResNet.Runtime.Vision;

namespace ResNet.Runtime;

/// <summary>A view of a picture that a network is shown: a <see cref="CropView"/> or a <see cref="WholeView"/>.</summary>
public abstract record View
{
    private protected View()
    {
    }

    /// <summary>Whether left and right are exchanged.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Cuts the view out.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="preprocessing">The network's preprocessing.</param>
    /// <exception cref="ImageException">The picture is too long and narrow.</exception>
    internal abstract CutView Cut(ResizedPicture picture, Preprocessing preprocessing);
}

/// <summary>A crop of the network's input size from the resized picture. Sides that are too short are padded, as by <see cref="Image.CenterCrop(int, int)"/>.</summary>
public sealed record CropView : View
{
    /// <summary>Names the crop's place.</summary>
    /// <param name="x">From 0, at the left side, over 0.5, in the middle, to 1, at the right side.</param>
    /// <param name="y">From 0, at the top, over 0.5, in the middle, to 1, at the bottom.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not from 0 to 1.</exception>
    public CropView(double x, double y)
    {
        Check(x, nameof(x));
        Check(y, nameof(y));
        (X, Y) = (x, y);
    }

    /// <summary>The part of the columns beside the crop that lie on its left, or right where <see cref="CountsFromRight"/>, from 0 to 1; rounded to a pixel, halves to even.</summary>
    public double X { get; }

    /// <summary>The part of the rows beside the crop that lie above it, from 0 to 1; rounded to a pixel, halves to even.</summary>
    public double Y { get; }

    /// <summary>
    /// Whether <see cref="X"/> is the part of the columns on the right, as if the picture were mirrored before it is cropped. It makes a
    /// difference of one pixel where halves are rounded: torchvision's <c>TenCrop</c> crops the mirrored picture.
    /// </summary>
    public bool CountsFromRight { get; init; }

    /// <summary>The shorter side, in pixels, that the picture is resized to, as <see cref="Preprocessing.Resize"/>, which it is where null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int? Resize
    {
        get;
        init
        {
            if (value is { } side) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side, nameof(Resize));
            field = value;
        }
    }

    internal override CutView Cut(ResizedPicture picture, Preprocessing preprocessing)
    {
        var (width, height) = preprocessing.CoverSize(Resize ?? preprocessing.Resize);
        return new(picture.Cover(width, height).Window(X, Y, CountsFromRight, preprocessing.Width, preprocessing.Height), preprocessing, IsMirrored);
    }

    static void Check(double value, string name)
    {
        if (!(value is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, "A place is from 0 to 1");
    }
}

/// <summary>
/// The whole picture at another scale, for networks that take images of any size (He et al. 2015, section 3.4: the
/// fully-convolutional form). A network that ends in global average pooling and a dense layer yields the mean of the scores at all places.
/// </summary>
public sealed record WholeView : View
{
    /// <summary>The longest side, in pixels, of a resized picture.</summary>
    public const int MaxSide = 8192;

    /// <summary>Names the scale.</summary>
    /// <param name="shorterSide">The shorter side, in pixels, that the picture is resized to; the longer one keeps the proportion.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is not from 1 to <see cref="MaxSide"/>.</exception>
    public WholeView(int shorterSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shorterSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shorterSide, MaxSide);
        ShorterSide = shorterSide;
    }

    /// <summary>The shorter side, in pixels, that the picture is resized to.</summary>
    public int ShorterSide { get; }

    internal override CutView Cut(ResizedPicture picture, Preprocessing preprocessing)
    {
        if ((long)ShorterSide * Math.Max(picture.Width, picture.Height) >= (MaxSide + 1L) * Math.Min(picture.Width, picture.Height))
            throw new ImageException($"An image of {picture.Width}×{picture.Height}, whole, with a shorter side of {ShorterSide}, is longer than {MaxSide} pixels.");
        var resized = picture.Cover(ShorterSide, ShorterSide);
        return new(resized, preprocessing.WithSize(resized.Height, resized.Width), IsMirrored);
    }
}
