namespace ResNet.Dsl;

/// <summary>The stem and the stages of the ImageNet networks (He et al. 2015, Table 1), whole or in two parts.</summary>
sealed class ResNetBackbone
{
    readonly ResidualUnit _unit;
    readonly int[] _counts;

    /// <summary>Prepares the network of a depth, with original units and projections.</summary>
    /// <param name="depth">Weighted layers.</param>
    /// <param name="downsample">Which convolution of a bottleneck has the stride.</param>
    /// <param name="option">The option that gives the depth, for the error.</param>
    /// <exception cref="NetworkException">There is no network of that depth, or it has no bottlenecks to hold the stride.</exception>
    public ResNetBackbone(int depth, Downsample downsample, string option)
    {
        (var isBottleneck, _counts) = StagesOf(depth, option);
        _unit = new(Unit.Original, isBottleneck, Shortcut.Projection, Shortcut.Projection, downsample, IsPlain: false);
        OptionChecks.CheckUnit(_unit, given: null, gateBias: null, recompute: false);
    }

    /// <summary>The kind of units and their number in each of the four stages.</summary>
    /// <param name="depth">Weighted layers.</param>
    /// <param name="option">The option that gives the depth, for the error.</param>
    /// <exception cref="NetworkException">There is no network of that depth.</exception>
    public static (bool IsBottleneck, int[] Counts) StagesOf(int depth, string option) => depth switch
    {
        // conv2_x conv3_x conv4_x conv5_x
        18 => (false, [2, 2, 2, 2]),
        34 => (false, [3, 4, 6, 3]),
        50 => (true, [3, 4, 6, 3]),
        101 => (true, [3, 4, 23, 3]),
        152 => (true, [3, 8, 36, 3]),
        _ => throw new NetworkException(ErrorIds.UnknownDepth, $"There is no ResNet-{depth} for ImageNet; {option} is one of 18, 34, 50, 101, 152", option) { Remedies = Remedy.Nearest(option, depth, 18, 34, 50, 101, 152) },
    };

    /// <summary>Adds the layers before the first stage.</summary>
    public static void AddStem(NetworkBuilder net, Stem stem) =>
        (stem == Stem.Deep ? ConvolveThrice(net) : net.Conv(64, kernel: 7, stride: 2, padding: 3)).BatchNorm().Relu()
            .MaxPool(kernel: 3, stride: 2, padding: 1).Tap("stem");

    /// <summary>Adds the convolutions of a deep stem, numbered as timm does, which counts the ReLUs, too.</summary>
    static NetworkBuilder ConvolveThrice(NetworkBuilder net) => net
        .Conv(32, kernel: 3, stride: 2, padding: 1, name: "conv1.0").BatchNorm(name: "conv1.1").Relu()
        .Conv(32, kernel: 3, padding: 1, name: "conv1.3").BatchNorm(name: "conv1.4").Relu()
        .Conv(64, kernel: 3, padding: 1, name: "conv1.6");

    /// <summary>Adds a stage: <c>layer1</c> is stage 0.</summary>
    public static void AddStage(NetworkBuilder net, ResidualUnit unit, int stage, int count) =>
        unit.AddStage(net, $"layer{stage + 1}", 64 << stage, count, stride: stage == 0 ? 1 : 2, activated: stage == 0);

    /// <summary>Adds the stem and all stages but the last: the part that a detector shares among regions.</summary>
    public void AddFeatures(NetworkBuilder net)
    {
        AddStem(net, Stem.Single);
        for (var stage = 0; stage < 3; stage++) AddStage(net, _unit, stage, _counts[stage]);
    }

    /// <summary>Adds <c>layer4</c>.</summary>
    public void AddLastStage(NetworkBuilder net) => AddStage(net, _unit, 3, _counts[3]);
}
