using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Networks;

// What networks are made of beyond the papers' own; channel counts that fill no block.

/// <summary>A shortcut that a sigmoid multiplies (He et al. 2016, section 3.1, shortcut-only gating), with its product rectified, normalized and pooled.</summary>
[Network]
sealed partial class GatedShortcut
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 11, 9)
        .Conv(19, 3, padding: 1).BatchNorm().Relu()
        .Residual(
            r => r.Conv(19, 3, padding: 1).BatchNorm().Relu().Conv(19, 3, padding: 1).BatchNorm(),
            s => s.Residual(identity => { }, gate => gate.Conv(19, 1, bias: true).Sigmoid(), Activation.None, merge: Merge.Product))
        .Residual(r => r.Conv(19, 3, padding: 1).BatchNorm(), gate => gate.Conv(19, 1, bias: true).Sigmoid(), merge: Merge.Product)
        .GlobalAveragePool().Dense(6);
}

/// <summary>Exclusive gating (He et al. 2016, section 3.1): x + g(x)·(F(x) − x), twice in a row.</summary>
[Network]
sealed partial class ExclusiveGating
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 10, 12)
        .Conv(18, 3, padding: 1).BatchNorm().Relu()
        .Repeat(2, unit => unit.Residual(
            r => r.Residual(
                d => d.Residual(f => f.Conv(18, 3, padding: 1).BatchNorm().Relu().Conv(18, 3, padding: 1).BatchNorm(), x => x.Scale(-1), Activation.None),
                g => g.Conv(18, 1, bias: true, name: "gate").Sigmoid(), Activation.None, merge: Merge.Product),
            activation: Activation.None))
        .BatchNorm().Relu().GlobalAveragePool().Dense(6);
}

/// <summary>Convolutions with biases, flattened into fully connected layers with dropout, as VGG's.</summary>
[Network]
sealed partial class VggLike
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 13, 10)
        .Conv(13, 3, padding: 1, bias: true).Relu().Conv(13, 3, padding: 1, bias: true).Relu().MaxPool(2)
        .Conv(21, 3, padding: 1, bias: true).Relu().Conv(21, 3, padding: 1, bias: true).Relu().MaxPool(2)
        .Flatten().Dense(40).Relu().Dropout(0.5).Dense(24).Relu().Dropout(0.5).Dense(6);
}

/// <summary>Batch normalization with statistics that never move, beside one whose do.</summary>
[Network]
sealed partial class FrozenNorms
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 9, 9)
        .Conv(17, 3, padding: 1).BatchNorm(frozen: true).Relu()
        .Residual(r => r.Conv(17, 3, padding: 1).BatchNorm(frozen: true).Relu().Conv(17, 3, padding: 1).BatchNorm(frozen: true))
        .Residual(r => r.BatchNorm(frozen: true).Relu().Conv(17, 1), activation: Activation.None)
        .BatchNorm().Relu().GlobalAveragePool().BatchNorm(frozen: true).Dense(6);
}

/// <summary>Factors and shifts, learned and given, before and after additions and ReLUs.</summary>
[Network]
sealed partial class Scales
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 8, 11)
        .Scale(0.5, 0.25).Conv(20, 3, padding: 1, bias: true).Scale().Relu()
        .Residual(r => r.Conv(20, 3, padding: 1).Scale().Relu().Conv(20, 3, padding: 1).Scale(0.3), s => s.Scale(0.7, 0.1))
        .Residual(r => r.Scale().Relu().Conv(20, 1), activation: Activation.None)
        .Scale(-1, 1).Relu().Scale(2).GlobalAveragePool().Scale().Dense(6);
}

/// <summary>Dropout on the shortcut (He et al. 2016, section 3.1).</summary>
[Network]
sealed partial class DropoutShortcut
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 9, 7)
        .Conv(17, 3, padding: 1).BatchNorm().Relu()
        .Repeat(2, unit => unit.Residual(r => r.Conv(17, 3, padding: 1).BatchNorm(), s => s.Dropout(0.3)))
        .GlobalAveragePool().Dense(6);
}

/// <summary>Stochastic depth before, within and after loops, of feature maps that fill no blocks and of a vector.</summary>
[Network]
sealed partial class DroppedImages
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 9, 7)
        .Conv(17, 3, padding: 1).BatchNorm().Relu()
        .Residual(r => r.Conv(17, 3, padding: 1).BatchNorm().StochasticDepth(0.5))
        .Repeat(2, outer => outer.Repeat(3, unit => unit.Residual(r => r.Conv(17, 1).BatchNorm().StochasticDepth(0.5))).BatchNorm())
        .Residual(r => r.BatchNorm(), s => s.StochasticDepth(0.9))
        .GlobalAveragePool().StochasticDepth(0.2).Dense(6);
}

/// <summary>A vector, feature maps and a gate on the way, of which each is an output.</summary>
[Network]
sealed partial class ThreeOutputs
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 12, 8)
        .Conv(19, 3, padding: 1).BatchNorm().Relu().Output("stem")
        .Branch("classes", b => b.GlobalAveragePool().Dense(5))
        .Residual(r => r.Conv(19, 3, padding: 1).BatchNorm())
        .Conv(4, 3, stride: 2).Sigmoid();
}
