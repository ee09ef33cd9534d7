namespace ResNet.Dsl;

/// <summary>
/// The wide residual networks for CIFAR of Zagoruyko and Komodakis 2016, "Wide Residual Networks", Table 1: three stages of n basic
/// pre-activation units of 16k, 32k and 64k channels, after a convolution to 16 channels. Taps: <c>stem</c> (the input of the first
/// stage), <c>layer1</c> to <c>layer3</c>, <c>pool</c>.
/// </summary>
public sealed class CifarWideResNetAttribute : ArchitectureAttribute
{
    const int MaxDepth = 10_000;

    /// <summary>Widest network: 64 · 128 channels keep the weight of a 3×3 convolution within 32-bit indices.</summary>
    const int MaxWidth = 128;

    /// <summary>Convolutions, projections of the three stages included: 6n+4 (16, 22, 28, 40).</summary>
    public int Depth { get; set; }

    /// <summary>The widening factor k of the thin network's 16, 32 and 64 channels. 1 to 128.</summary>
    public int Width { get; set; }

    /// <summary>Rate of the dropout between a unit's two convolutions; from 0, none, up to, but not, 1. The paper's is 0.3 for CIFAR.</summary>
    public double Dropout { get; set; }

    private protected override int UsualClasses => 10;

    private protected override int UsualImageSize => 32;

    /// <inheritdoc/>
    public override void Declare(NetworkBuilder net)
    {
        const int layersOfUnits = 6, layersBesides = 4;
        if (Depth > MaxDepth || Depth <= layersBesides || Depth % layersOfUnits != layersBesides)
        {
            throw new NetworkException(ErrorIds.UnknownDepth, $"There is no Wide ResNet-{Depth} for CIFAR; Depth is 6n+4 (16, 22, 28, 40 …), at most {MaxDepth}", nameof(Depth))
            {
                Remedies = OptionChecks.DepthsAround(Depth, layersOfUnits, layersBesides, MaxDepth),
            };
        }
        Limits.Check(Width, 1, MaxWidth, nameof(Width));
        Limits.Check(Dropout is >= 0 and < 1, Dropout, nameof(Dropout), "at least 0 and below 1");
        var image = GetImageSides();
        OptionChecks.CheckSizes(Classes, image, InputChannels, strides: ["layer2", "layer3"]);

        var count = Depth / layersOfUnits;
        var unit = new ResidualUnit(Unit.PreActivation, IsBottleneck: false, Shortcut.Projection, Shortcut.Projection, Downsample.In3x3, IsPlain: false) { DropoutRate = Dropout };
        OptionChecks.AsImageSize(image, () =>
        {
            net.Input(InputChannels, image.Height, image.Width)
                .Conv(16, kernel: 3, padding: 1).Tap("stem");
            unit.AddStage(net, "layer1", 16 * Width, count, stride: 1, activated: false);
            unit.AddStage(net, "layer2", 32 * Width, count, stride: 2, activated: false);
            unit.AddStage(net, "layer3", 64 * Width, count, stride: 2, activated: false);
            unit.AddFinalActivation(net);
            net.GlobalAveragePool().Tap("pool").Dense(Classes);
        });
    }
}
