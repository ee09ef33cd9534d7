namespace ResNet.Dsl;

/// <summary>The sizes and rules by which a detector reads images and regions, as far as its two networks do not determine them.</summary>
public sealed record DetectorSettings
{
    /// <summary>Number of classes, without the background.</summary>
    public int Classes { get; init; }

    /// <summary>Rows and columns of the image per row and column of the feature maps.</summary>
    public int Stride { get; init; } = 16;

    /// <summary>Sides of a square anchor, in pixels of the network's input (Ren et al. 2015, section 3.1.1).</summary>
    public EquatableArray<double> AnchorSizes { get; init; } = UsualSizes;

    /// <summary>Height over width of the anchors, each of which has the area of the square one.</summary>
    public EquatableArray<double> AnchorRatios { get; init; } = UsualRatios;

    /// <summary>The method of reading regions.</summary>
    public RoiMethod RoiMethod { get; init; }

    /// <summary>Pixels to which the shorter side of an image is brought.</summary>
    public int ShorterSide { get; init; } = UsualShorterSide;

    /// <summary>Pixels that the longer side has at most.</summary>
    public int LongerSide { get; init; } = UsualLongerSide;

    /// <summary>Whether each region's scores and boxes also follow from the whole image (He et al. 2015, Appendix B, "Global context").</summary>
    public bool GlobalContext { get; init; }

    /// <summary>
    /// Whether each class has scores and box corrections of its own in the region proposal network, and the head judges a region for the class that it was
    /// proposed for: a detector for localization, where the class is given (He et al. 2015, Appendix C).
    /// </summary>
    public bool PerClassProposals { get; init; }

    /// <summary>Anchors at each position of the feature maps.</summary>
    public int AnchorsPerPosition => AnchorSizes.Count * AnchorRatios.Count;

    /// <summary>Scores of the region proposal network at each position: one of each anchor or, class by class, one of each anchor for each class.</summary>
    public int ScoresPerPosition => AnchorsPerPosition * (PerClassProposals ? Classes : 1);

    /// <summary>Holds the settings to their ranges, and to each other.</summary>
    /// <exception cref="NetworkException">One is out of range, or an anchor is larger than any image; <see cref="NetworkException.Argument"/> names the property.</exception>
    internal void Validate()
    {
        Limits.Check(Classes, 1, Limits.MaxChannels / 8, nameof(Classes));
        Limits.Check(Stride, 1, Limits.MaxSize, nameof(Stride));
        Limits.Check(ShorterSide, 1, Limits.MaxSize, nameof(ShorterSide));
        Limits.Check(LongerSide, ShorterSide, Limits.MaxSize, nameof(LongerSide));
        Limits.CheckDefined(RoiMethod, nameof(RoiMethod));
        CheckCount(AnchorSizes, nameof(AnchorSizes));
        CheckCount(AnchorRatios, nameof(AnchorRatios));
        foreach (var ratio in AnchorRatios) Limits.Check(ratio is >= 0.01 and <= 100, ratio, nameof(AnchorRatios), "between 0.01 and 100");
        foreach (var size in AnchorSizes)
        {
            Limits.Check(size is > 0 and <= Limits.MaxSize, size, nameof(AnchorSizes), $"above 0 and at most {Limits.MaxSize}");
            if (size > LongerSide)
                throw new NetworkException(ErrorIds.AnchorTooLarge,
                    FormattableString.Invariant($"An anchor of {size}×{size} is larger than any image, whose sides have at most {LongerSide} pixels; use smaller AnchorSizes or larger images"), nameof(AnchorSizes));
        }
    }

    static void CheckCount(EquatableArray<double> values, string argument)
    {
        if (values.Count is < 1 or > MaxAnchors)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"{argument} has {values.Count} values, which is not between 1 and {MaxAnchors}", argument);
    }

    /// <summary>Most sizes, and most ratios, of anchors.</summary>
    const int MaxAnchors = 64;

    internal const int UsualShorterSide = 600, UsualLongerSide = 1000;

    internal static EquatableArray<double> UsualSizes { get; } = new([128, 256, 512]);

    internal static EquatableArray<double> UsualRatios { get; } = new([0.5, 1, 2]);
}
