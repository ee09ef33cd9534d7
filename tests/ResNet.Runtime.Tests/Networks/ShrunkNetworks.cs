using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Networks;

// Every architecture, on images small enough for the reference interpreter. The deep and the wide ones are narrower than in the
// papers, since tens of millions of weights prove nothing that fewer do not; 72 channels fill no whole blocks.

[ResNet(Depth = 18, ImageSize = 40, Classes = 7)] sealed partial class ResNet18;
[ResNet(Depth = 34, ImageSize = 32, Classes = 7)] sealed partial class ResNet34;
[ResNet(Depth = 50, ImageSize = 48, Classes = 7)] sealed partial class ResNet50;
[ResNet(Depth = 50, ImageSize = 32, Classes = 7, Downsample = Downsample.In1x1)] sealed partial class ResNet50In1x1;
[ResNet(Depth = 101, ImageSize = 32, Classes = 7, WidthPerGroup = 16)] sealed partial class ResNet101;
[ResNet(Depth = 152, ImageSize = 32, Classes = 7, WidthPerGroup = 16)] sealed partial class ResNet152;
[ResNet(Depth = 34, ImageSize = 32, Classes = 7, Plain = true)] sealed partial class Plain34;
[ResNet(Depth = 18, ImageSize = 32, Classes = 7, Shortcut = Shortcut.ZeroPad)] sealed partial class ResNet18ZeroPad;
[ResNet(Depth = 18, ImageSize = 32, Classes = 7, Shortcut = Shortcut.ProjectionAlways)] sealed partial class ResNet18AlwaysProjects;
[ResNet(Depth = 50, ImageSize = 32, Classes = 7, Groups = 32, WidthPerGroup = 4)] sealed partial class ResNeXt50;
[ResNet(Depth = 50, ImageSize = 32, Classes = 7, WidthPerGroup = 72)] sealed partial class WideResNet50;
[ResNet(Depth = 18, ImageSize = 32, Classes = 7, Unit = Unit.PreActivation)] sealed partial class PreActivation18;
[ResNet(Depth = 50, ImageSize = 32, Classes = 7, Unit = Unit.PreActivation)] sealed partial class PreActivation50;
[Vgg(Depth = 16, ImageHeight = 32, ImageWidth = 64, Classes = 7)] sealed partial class Vgg16;
[Vgg(Depth = 11, ImageSize = 32, Classes = 7, BatchNorm = true)] sealed partial class Vgg11BatchNorm;

// Odd sizes at every pooling of a shortcut, of both sides and of one: 33 → 17 → 9 → 5 → 3 → 2, 52 → 26 → 13 → 7 → 4 → 2.
[ResNet(Depth = 18, ImageHeight = 33, ImageWidth = 52, Classes = 7, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection)] sealed partial class ResNet18D;
[CifarResNet(Depth = 14, ImageHeight = 21, ImageWidth = 12, Shortcut = Shortcut.AveragedProjection)] sealed partial class Cifar14Averages;
[CifarResNet(Depth = 20, Block = Block.Bottleneck, ImageSize = 13, Shortcut = Shortcut.AveragedProjection, Unit = Unit.PreActivation)] sealed partial class Cifar20PreActivationAverages;

[CifarResNet(Depth = 20)] sealed partial class Cifar20;
[CifarResNet(Depth = 20, ImageSize = 21, InputChannels = 1, Classes = 3)] sealed partial class Cifar20OfOddSize;
[CifarResNet(Depth = 56, ImageSize = 16)] sealed partial class Cifar56;
[CifarResNet(Depth = 20, Plain = true)] sealed partial class CifarPlain20;
[CifarResNet(Depth = 20, Shortcut = Shortcut.Projection)] sealed partial class Cifar20Projects;
[CifarResNet(Depth = 14, Shortcut = Shortcut.ProjectionAlways)] sealed partial class Cifar14AlwaysProjects;
[CifarResNet(Depth = 20, Unit = Unit.PreActivation)] sealed partial class Cifar20PreActivation;
[CifarResNet(Depth = 20, Unit = Unit.BatchNormAfterAddition)] sealed partial class Cifar20BatchNormAfterAddition;
[CifarResNet(Depth = 20, Unit = Unit.ReluBeforeAddition)] sealed partial class Cifar20ReluBeforeAddition;
[CifarResNet(Depth = 20, Unit = Unit.ReluOnlyPreActivation)] sealed partial class Cifar20ReluOnlyPreActivation;
[CifarResNet(Depth = 20, ImageSize = 16, StochasticDepth = 0.5)] sealed partial class Cifar20OfStochasticDepth;
[CifarResNet(Depth = 20, ImageSize = 16, Unit = Unit.PreActivation, StochasticDepth = 0.8, Recompute = true)] sealed partial class Cifar20PreActivationOfStochasticDepth;
[CifarResNet(Depth = 29, Block = Block.Bottleneck, Unit = Unit.PreActivation, ImageSize = 16)] sealed partial class Cifar29PreActivation;
[CifarResNet(Depth = 29, Block = Block.Bottleneck, Unit = Unit.BatchNormAfterAddition, ImageSize = 16)] sealed partial class Cifar29BatchNormAfterAddition;
[CifarResNet(Depth = 29, Block = Block.Bottleneck, Unit = Unit.ReluBeforeAddition, ImageSize = 16)] sealed partial class Cifar29ReluBeforeAddition;
[CifarResNet(Depth = 1202, ImageSize = 8)] sealed partial class Cifar1202;

// The shortcuts of He et al. 2016, Figure 2; gates that are neither open nor shut. And wide networks.

[CifarResNet(Depth = 14, ImageSize = 16, Shortcut = Shortcut.ConstantScaling)] sealed partial class Cifar14ConstantScaling;
[CifarResNet(Depth = 14, ImageSize = 16, Shortcut = Shortcut.FrozenGating)] sealed partial class Cifar14FrozenGating;
[CifarResNet(Depth = 20, ImageSize = 16, Shortcut = Shortcut.ExclusiveGating, GateBias = -1)] sealed partial class Cifar20ExclusiveGating;
[CifarResNet(Depth = 20, ImageSize = 16, Shortcut = Shortcut.ShortcutOnlyGating, GateBias = 0)] sealed partial class Cifar20ShortcutOnlyGating;
[CifarResNet(Depth = 14, ImageSize = 16, Shortcut = Shortcut.Dropout)] sealed partial class Cifar14DropoutShortcut;
[CifarResNet(Depth = 29, Block = Block.Bottleneck, ImageSize = 16, Unit = Unit.PreActivation, Shortcut = Shortcut.ExclusiveGating)] sealed partial class Cifar29ExclusiveGating;
[CifarResNet(Depth = 20, ImageSize = 16, Unit = Unit.BatchNormAfterAddition, Shortcut = Shortcut.FrozenGating)] sealed partial class Cifar20FrozenGating;
[ResNet(Depth = 18, ImageSize = 32, Classes = 7, Shortcut = Shortcut.ShortcutOnlyGating)] sealed partial class ResNet18ShortcutOnlyGating;
[CifarWideResNet(Depth = 16, Width = 2, Dropout = 0.3, ImageSize = 16)] sealed partial class CifarWide16x2;
[CifarWideResNet(Depth = 10, Width = 1, ImageSize = 16)] sealed partial class CifarWide10x1;

// Images that are not square.

[ResNet(Depth = 18, ImageHeight = 33, ImageWidth = 72, Classes = 7)] sealed partial class ResNet18OfWideImages;
[CifarResNet(Depth = 14, ImageHeight = 24, ImageWidth = 40)] sealed partial class Cifar14OfWideImages;
[CifarResNet(Depth = 14, ImageHeight = 20, ImageWidth = 12, Shortcut = Shortcut.Projection, Unit = Unit.PreActivation)] sealed partial class Cifar14OfTallImages;

/// <summary>The rest of the vocabulary: sizes that divide nothing, groups, dilation, biases, pools, taps, dropout, nested repeats.</summary>
[Network]
sealed partial class Oddities
{
    static void Define(NetworkBuilder net) => net
        .Input(5, 23, 17)
        .BatchNorm().Relu()
        .Conv(20, kernel: 5, stride: 2, padding: 2, bias: true).Relu().BatchNorm().Tap("first")
        .Repeat(2, outer => outer
            .Repeat(2, inner => inner.Residual(r => r.Conv(20, 3, padding: 2, dilation: 2, groups: 4).BatchNorm().Relu(), activation: Activation.None))
            .Conv(20, 1, bias: true).BatchNorm())
        .MaxPool(2).Tap("pooled")
        .Residual(r => r.AveragePool(3, stride: 1, padding: 1).BatchNorm(), activation: Activation.BatchNormRelu)
        .Residual(r => r.Conv(33, 3, stride: 2, padding: 1, groups: 1).BatchNorm(), s => s.AveragePool(2, stride: 2).Conv(33, 1, padding: 0, bias: true), Activation.Relu)
        .Dropout(0.5)
        .Conv(33, 3, padding: 1, groups: 33).BatchNorm().Relu().Tap("last")
        .GlobalAveragePool().BatchNorm().Relu().Dense(19).Relu().Dense(6, bias: false);
}
