using ResNet.Dsl;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Networks with everything that kernels handle, in few values: strides, groups, taps beyond the edge, pools, padding, dropout.</summary>
[Network]
sealed partial class Tiny
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 9, 7)
        .Conv(8, 3, stride: 2, padding: 1, bias: true).BatchNorm().Relu()
        .MaxPool(2, stride: 1).Tap("pooled")
        .Residual(r => r.Conv(8, 3, padding: 1, groups: 2).BatchNorm().Relu().Dropout(0.2).Conv(8, 1).BatchNorm())
        .Residual(r => r.Conv(12, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(12, 3, padding: 1).BatchNorm(), Shortcut.ZeroPad)
        .Residual(r => r.AveragePool(3, stride: 1, padding: 1).BatchNorm(), activation: Activation.BatchNormRelu)
        .Dropout(0.3)
        .GlobalAveragePool().Dense(5);
}

// Twins of networks that keep their activations.

[Network(Recompute = true)]
sealed partial class TinyRecomputed
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 9, 7)
        .Conv(8, 3, stride: 2, padding: 1, bias: true).BatchNorm().Relu()
        .MaxPool(2, stride: 1).Tap("pooled")
        .Residual(r => r.Conv(8, 3, padding: 1, groups: 2).BatchNorm().Relu().Dropout(0.2).Conv(8, 1).BatchNorm())
        .Residual(r => r.Conv(12, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(12, 3, padding: 1).BatchNorm(), Shortcut.ZeroPad)
        .Residual(r => r.AveragePool(3, stride: 1, padding: 1).BatchNorm(), activation: Activation.BatchNormRelu)
        .Dropout(0.3)
        .GlobalAveragePool().Dense(5);
}

[CifarResNet(Depth = 20, Recompute = true)] sealed partial class Cifar20Recomputed;
[CifarResNet(Depth = 20, Unit = Unit.PreActivation, Recompute = true)] sealed partial class Cifar20PreActivationRecomputed;
[ResNet(Depth = 50, ImageSize = 64, Classes = 7, Groups = 8, WidthPerGroup = 4, Recompute = true)] sealed partial class NarrowResNeXt50Recomputed;
