namespace ResNet.Dsl;

/// <summary>
/// The ImageNet networks of He et al. 2015, "Deep Residual Learning for Image Recognition", Table 1, with torchvision's
/// parameter names. Taps: <c>stem</c> (the input of the first stage), <c>layer1</c> to <c>layer4</c>, <c>pool</c>.
/// </summary>
public sealed class ResNetAttribute : ArchitectureAttribute
{
    Shortcut? _shortcut;
    double? _gateBias;

    /// <summary>Weighted layers: 18, 34 (basic blocks), 50, 101 or 152 (bottlenecks).</summary>
    public int Depth { get; set; }

    /// <summary>The path of a unit's input to the addition. Option B, <see cref="Shortcut.Projection"/>, by default.</summary>
    public Shortcut Shortcut { get => _shortcut ?? UsualShortcut; set => _shortcut = value; }

    /// <summary>
    /// The initial bias of each gate of <see cref="Shortcut.ExclusiveGating"/> and <see cref="Shortcut.ShortcutOnlyGating"/>, such as 0, −5 or −7.
    /// By default −6, the best in He et al. 2016, Table 1. It is trained, and weight decay pulls it toward zero, as any bias.
    /// </summary>
    public double GateBias { get => _gateBias ?? Shortcuts.UsualGateBias; set => _gateBias = value; }

    /// <summary>The layers before the first stage. One 7×7 convolution by default.</summary>
    public Stem Stem { get; set; }

    /// <summary>Order of the layers in a unit. The original one by default.</summary>
    public Unit Unit { get; set; }

    /// <summary>Which convolution of a bottleneck has the stride. The 3×3 by default, as torchvision's weights expect.</summary>
    public Downsample Downsample { get; set; }

    /// <summary>The plain counterpart: the same layers without shortcuts.</summary>
    public bool Plain { get; set; }

    /// <summary>
    /// Probability with which training drops the last unit's residual branch, for each image; of earlier units it falls linearly to 0
    /// (Huang et al. 2016, whose networks have 0.5). 0, for none, by default.
    /// </summary>
    public double StochasticDepth { get; set; }

    /// <summary>Groups of each bottleneck's 3×3 convolution: the cardinality of ResNeXt (Xie et al. 2017). 1 by default.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>
    /// Channels per group of the first stage's 3×3 convolutions: 4 in ResNeXt 32×4d, 128 in Wide ResNet 50-2. 64 by default.
    /// </summary>
    public int WidthPerGroup { get; set; } = 64;

    static Shortcut UsualShortcut => Shortcut.Projection;

    private protected override int UsualClasses => 1000;

    private protected override int UsualImageSize => 224;

    /// <inheritdoc/>
    public override void Declare(NetworkBuilder net)
    {
        var (isBottleneck, counts) = ResNetBackbone.StagesOf(Depth, nameof(Depth));
        var unit = new ResidualUnit(Unit, isBottleneck, Shortcut, UsualShortcut, Downsample, Plain, Groups, WidthPerGroup) { GateBias = GateBias, DropRate = StochasticDepth };
        OptionChecks.CheckUnit(unit, _shortcut, _gateBias, Recompute);
        OptionChecks.CheckWidth(unit, lastPlanes: 512);
        Limits.CheckDefined(Stem, nameof(Stem));
        var image = GetImageSides();
        OptionChecks.CheckSizes(Classes, image, InputChannels, strides: ["the stem's convolution", "the stem's pooling", "layer2", "layer3", "layer4"]);

        OptionChecks.AsImageSize(image, () =>
        {
            ResNetBackbone.AddStem(net.Input(InputChannels, image.Height, image.Width), Stem);
            for (var stage = 0; stage < counts.Length; stage++) ResNetBackbone.AddStage(net, unit, stage, counts[stage]);
            unit.AddFinalActivation(net);
            net.GlobalAveragePool().Tap("pool").Dense(Classes);
        });
    }
}
