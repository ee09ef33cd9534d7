namespace ResNet.Dsl;

/// <summary>
/// Faster R-CNN (Ren et al. 2015) on a residual network (He et al. 2015, section 4.3 and Appendix A): all up to <c>layer3</c> is shared
/// by the whole image, <c>layer4</c> classifies regions. With <see cref="Vgg"/>, on VGG-16 as in the Faster R-CNN paper.
/// </summary>
public sealed class FasterRcnnAttribute : DetectionAttribute
{
    int? _backbone, _vgg;

    /// <summary>Weighted layers of the residual network: 18, 34, 50, 101 or 152.</summary>
    public int Backbone { get => _backbone ?? 0; set => _backbone = value; }

    /// <summary>Weighted layers of the VGG network that takes the residual network's place: 16.</summary>
    public int Vgg { get => _vgg ?? 0; set => _vgg = value; }

    /// <summary>Which convolution of a bottleneck has the stride. The 3×3 by default, as in torchvision; the 1×1 in the paper and in detectron2's published weights.</summary>
    public Downsample Downsample { get; set; }

    /// <summary>
    /// Whether batch normalization keeps the statistics that it was pretrained with (He et al. 2015, Appendix A: batches of one image are too
    /// small). True by default; a network that is trained from nothing needs its own.
    /// </summary>
    public bool FrozenNormalization { get; set; } = true;

    private protected override int UsualRegionSize => _vgg is null ? 14 : 7;

    /// <summary>The architecture as two layer trees.</summary>
    /// <param name="name">Name of the detector, for people.</param>
    /// <exception cref="NetworkException">The options make no detector; <see cref="NetworkException.Argument"/> names the property.</exception>
    public DetectorDefinition Define(string name)
    {
        Limits.Check(LongerSide, ShorterSide, Limits.MaxSize, nameof(LongerSide));
        if (_vgg is not null && _backbone is not null)
            throw OptionChecks.Contradiction(nameof(Vgg), "A detector has one backbone; leave out either Backbone or Vgg");
        if (_vgg is not null) return DefineVgg(name);
        if (_backbone is null)
        {
            throw new NetworkException(ErrorIds.UnknownDepth, "The detector has no backbone; give a Backbone of 18, 34, 50, 101 or 152, or Vgg = 16", nameof(Backbone))
            {
                Remedies = new([Remedy.Number(nameof(Backbone), 50), Remedy.Number(nameof(Vgg), 16)]),
            };
        }
        var backbone = new ResNetBackbone(Backbone, Downsample, nameof(Backbone));
        var detector = Compose(name, net => backbone.AddFeatures(net.Input(3, ShorterSide, LongerSide)), AddRegions);
        return FrozenNormalization
            ? detector with { Trunk = detector.Trunk.WithFrozenNormalization(), Head = detector.Head.WithFrozenNormalization() }
            : detector;

        void AddRegions(NetworkBuilder roi)
        {
            if (RegionSize % 2 != 0)
            {
                throw new NetworkException(ErrorIds.NoFeatureMaps, $"Regions of {RegionSize}×{RegionSize} cannot be halved by layer4, whose stride is 2; RegionSize is even", nameof(RegionSize))
                {
                    Remedies = new([Remedy.Number(nameof(RegionSize), RegionSize + 1)]),
                };
            }
            backbone.AddLastStage(roi);
            roi.GlobalAveragePool();
        }
    }

    DetectorDefinition DefineVgg(string name)
    {
        if (Vgg != 16) throw new NetworkException(ErrorIds.UnknownDepth, $"There is no detector on VGG-{Vgg}; Vgg is 16", nameof(Vgg)) { Remedies = new([Remedy.Number(nameof(Vgg), 16)]) };
        if (Downsample != default) throw OptionChecks.Contradiction(nameof(Downsample), "A VGG network has no bottlenecks to place a stride in; leave out Downsample");
        if (!FrozenNormalization) throw OptionChecks.Contradiction(nameof(FrozenNormalization), "A VGG network has no batch normalization; leave out FrozenNormalization");
        var vgg = new VggAttribute { Depth = Vgg, ImageHeight = ShorterSide, ImageWidth = LongerSide };
        return Compose(name, vgg.DeclareFeatures, vgg.DeclareVector);
    }
}
