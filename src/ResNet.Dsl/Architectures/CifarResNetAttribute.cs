namespace ResNet.Dsl;

/// <summary>
/// The CIFAR-10 networks of He et al. 2015, section 4.2 (6n+2 layers: three stages of n basic blocks), and of He et al.
/// 2016 (9n+2 layers: three stages of n bottlenecks). Taps: <c>stem</c> (the input of the first stage), <c>layer1</c> to
/// <c>layer3</c>, <c>pool</c>.
/// </summary>
public sealed class CifarResNetAttribute : ArchitectureAttribute
{
    const int MaxDepth = 10_000;

    Shortcut? _shortcut;
    double? _gateBias;
    Downsample? _downsample;

    /// <summary>Weighted layers: 6n+2 with basic blocks (20, 32, 44, 56, 110, 1202), 9n+2 with bottlenecks (164, 1001).</summary>
    public int Depth { get; set; }

    /// <summary>The convolutions of a unit. The papers' own for that depth by default.</summary>
    public Block Block { get; set; }

    /// <summary>
    /// How a unit's input reaches the addition. As in the papers, option A (<see cref="Shortcut.ZeroPad"/>) by default with
    /// basic blocks, and option B (<see cref="Shortcut.Projection"/>) with bottlenecks.
    /// </summary>
    public Shortcut Shortcut { get => _shortcut ?? UsualShortcut; set => _shortcut = value; }

    /// <inheritdoc cref="ResNetAttribute.GateBias"/>
    public double GateBias { get => _gateBias ?? Shortcuts.UsualGateBias; set => _gateBias = value; }

    /// <summary>Order of the layers in a unit. The original one by default.</summary>
    public Unit Unit { get; set; }

    /// <summary>Which convolution of a bottleneck has the stride. The first 1×1 by default, as in He et al. 2016.</summary>
    public Downsample Downsample { get => _downsample ?? (IsBottleneck ? Downsample.In1x1 : Downsample.In3x3); set => _downsample = value; }

    /// <summary>The plain counterpart: the same layers without shortcuts.</summary>
    public bool Plain { get; set; }

    /// <summary>
    /// Probability with which training drops the last unit's residual branch, for each image; of earlier units it falls linearly to 0
    /// (Huang et al. 2016, whose networks have 0.5). 0, for none, by default.
    /// </summary>
    public double StochasticDepth { get; set; }

    bool IsBottleneck => Block == Block.Bottleneck || (Block == Block.Auto && (Depth == 164 || (Depth % 6 != 2 && Depth % 9 == 2)));

    Shortcut UsualShortcut => IsBottleneck ? Shortcut.Projection : Shortcut.ZeroPad;

    private protected override int UsualClasses => 10;

    private protected override int UsualImageSize => 32;

    /// <inheritdoc/>
    public override void Declare(NetworkBuilder net)
    {
        var count = CountUnits();
        var unit = new ResidualUnit(Unit, IsBottleneck, Shortcut, UsualShortcut, Downsample, Plain) { GateBias = GateBias, DropRate = StochasticDepth };
        OptionChecks.CheckUnit(unit, _shortcut, _gateBias, Recompute);
        var image = GetImageSides();
        OptionChecks.CheckSizes(Classes, image, InputChannels, strides: ["layer2", "layer3"]);

        OptionChecks.AsImageSize(image, () =>
        {
            net.Input(InputChannels, image.Height, image.Width)
                .Conv(16, kernel: 3, padding: 1).BatchNorm().Relu().Tap("stem");
            unit.AddStage(net, "layer1", planes: 16, count, stride: 1, activated: true);
            unit.AddStage(net, "layer2", planes: 32, count, stride: 2, activated: false);
            unit.AddStage(net, "layer3", planes: 64, count, stride: 2, activated: false);
            unit.AddFinalActivation(net);
            net.GlobalAveragePool().Tap("pool").Dense(Classes);
        });
    }

    /// <summary>Units of each of the three stages.</summary>
    int CountUnits()
    {
        Limits.CheckDefined(Block, nameof(Block));
        var layersOfUnits = IsBottleneck ? 9 : 6;
        if (Depth > MaxDepth || Depth <= 2 || Depth % layersOfUnits != 2)
        {
            throw new NetworkException(ErrorIds.UnknownDepth, $"There is no ResNet-{Depth} for CIFAR{With}; Depth is {Family}, at most {MaxDepth}", nameof(Depth))
            {
                Remedies = OptionChecks.DepthsAround(Depth, layersOfUnits, layersBesides: 2, MaxDepth),
            };
        }
        return Depth / layersOfUnits;
    }

    string With => Block switch
    {
        Block.Basic => " with basic blocks",
        Block.Bottleneck => " with bottlenecks",
        _ => "",
    };

    string Family => Block switch
    {
        Block.Basic => "6n+2 (20, 32, 44, 56, 110, 1202 …)",
        Block.Bottleneck => "9n+2 (29, 47, 110, 164, 1001 …)",
        _ => "6n+2 with basic blocks (20, 32, 44, 56, 110, 1202 …) or 9n+2 with bottlenecks (164, 1001 …)",
    };
}
