namespace ResNet.Dsl;

/// <summary>
/// Base of the attributes that declare a detector on a <c>partial class</c>: <see cref="FasterRcnnAttribute"/> with a backbone of the
/// papers, <see cref="DetectorAttribute"/> with networks of your own.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class DetectionAttribute : Attribute
{
    int? _shorterSide, _longerSide, _regionSize;

    /// <summary>Number of classes, without the background.</summary>
    public int Classes { get; set; }

    /// <summary>Pixels to which the shorter side of an image is resized; by default 600, as in the papers, or the shorter side of the input that your own network declares.</summary>
    public int ShorterSide { get => _shorterSide ?? DetectorSettings.UsualShorterSide; set => _shorterSide = value; }

    /// <summary>Pixels that the longer side has at most; by default 1000, or the longer side of the input that your own network declares.</summary>
    public int LongerSide { get => _longerSide ?? DetectorSettings.UsualLongerSide; set => _longerSide = value; }

    /// <summary>
    /// Sides of a square anchor, in pixels of the network's input. 128, 256 and 512 by default (Ren et al. 2015, section 3.3); for COCO
    /// the paper adds 64.
    /// </summary>
    public double[] AnchorSizes { get; set; } = [.. DetectorSettings.UsualSizes];

    /// <summary>Height over width of the anchors, each of which has the area of the square one. ½, 1 and 2 by default.</summary>
    public double[] AnchorRatios { get; set; } = [.. DetectorSettings.UsualRatios];

    /// <summary>The method of reading regions. RoIAlign by default; the papers pool.</summary>
    public RoiMethod RoiMethod { get; set; }

    /// <summary>Rows and columns to which a region is resampled. 14 by default before a ResNet's last stage, 7 before VGG's dense layers.</summary>
    public int RegionSize { get => _regionSize ?? UsualRegionSize; set => _regionSize = value; }

    /// <summary>Channels of the region proposal network's 3×3 convolution; as many as the feature maps have by default. The paper's have 512.</summary>
    public int RpnChannels { get; set; }

    /// <summary>
    /// Whether the head sees the whole image as a region, too, whose features add to the scores and boxes of all others (He et al. 2015,
    /// Appendix B, "Global context").
    /// </summary>
    public bool GlobalContext { get; set; }

    /// <summary>
    /// Whether each class has proposals of its own, and the head judges a region for the class that it was proposed for: a detector for localization, where the
    /// class is given (He et al. 2015, Appendix C).
    /// </summary>
    public bool PerClassProposals { get; set; }

    /// <summary>The default of <see cref="RegionSize"/>.</summary>
    private protected abstract int UsualRegionSize { get; }

    /// <summary>Scope of the names of the layers from a region to a vector; empty for none.</summary>
    private protected virtual string HeadScope => "";

    /// <summary>Composes the detector of its two parts.</summary>
    /// <param name="name">Name of the detector, for people.</param>
    /// <param name="features">Declares the feature maps of an image, the input included.</param>
    /// <param name="regions">Declares the layers from a region, which the builder has as its input, to a vector.</param>
    /// <exception cref="NetworkException">The options or layers make no detector; <see cref="NetworkException.Argument"/> names the property.</exception>
    public DetectorDefinition Compose(string name, Action<NetworkBuilder> features, Action<NetworkBuilder> regions)
    {
        if (features is null) throw new ArgumentNullException(nameof(features));
        if (regions is null) throw new ArgumentNullException(nameof(regions));
        Limits.Check(ShorterSide, 1, Limits.MaxSize, nameof(ShorterSide));
        Limits.Check(LongerSide, 1, Limits.MaxSize, nameof(LongerSide));
        var net = DetectorComposition.DeclareFeatures(features);
        var settings = SettingsOf(net.Build("features"));
        settings.Validate();
        Limits.Check(RegionSize, 1, Limits.MaxSize, nameof(RegionSize));
        Limits.Check(RpnChannels, 0, Limits.MaxChannels, nameof(RpnChannels));
        var composition = new DetectorComposition(settings, RegionSize, RpnChannels);
        var maps = net.Shape;
        var detector = new DetectorDefinition(name, composition.CompleteTrunk(net), composition.DeclareHead(maps, regions, HeadScope), settings);
        detector.CheckNames();
        return detector;
    }

    DetectorSettings SettingsOf(NetworkDefinition features) => new()
    {
        Classes = Classes,
        Stride = FeatureStride.Of(features),
        AnchorSizes = new(AnchorSizes ?? []),
        AnchorRatios = new(AnchorRatios ?? []),
        RoiMethod = RoiMethod,
        ShorterSide = _shorterSide ?? Math.Min(features.Input.Height, features.Input.Width),
        LongerSide = _longerSide ?? Math.Max(features.Input.Height, features.Input.Width),
        GlobalContext = GlobalContext,
        PerClassProposals = PerClassProposals,
    };
}
