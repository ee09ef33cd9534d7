using ResNet.Dsl;

namespace ResNet.Zoo;

// He et al. 2015, section 4.2.

/// <summary>ResNet-20 for CIFAR-10, with zero-padded shortcuts.</summary>
[CifarResNet(Depth = 20)]
public sealed partial class CifarResNet20;

/// <summary>ResNet-32 for CIFAR-10, with zero-padded shortcuts.</summary>
[CifarResNet(Depth = 32)]
public sealed partial class CifarResNet32;

/// <summary>ResNet-44 for CIFAR-10, with zero-padded shortcuts.</summary>
[CifarResNet(Depth = 44)]
public sealed partial class CifarResNet44;

/// <summary>ResNet-56 for CIFAR-10, with zero-padded shortcuts.</summary>
[CifarResNet(Depth = 56)]
public sealed partial class CifarResNet56;

/// <summary>ResNet-110 for CIFAR-10, with zero-padded shortcuts.</summary>
[CifarResNet(Depth = 110)]
public sealed partial class CifarResNet110;

/// <summary>
/// ResNet-1202 for CIFAR-10, with zero-padded shortcuts. Training computes units a second time: at the paper's batch size of 128
/// it would take 12 GB otherwise.
/// </summary>
[CifarResNet(Depth = 1202, Recompute = true)]
public sealed partial class CifarResNet1202;

/// <summary>The plain network of 20 layers for CIFAR-10: ResNet-20 without shortcuts.</summary>
[CifarResNet(Depth = 20, Plain = true)]
public sealed partial class CifarPlain20;

/// <summary>The plain network of 32 layers for CIFAR-10: ResNet-32 without shortcuts.</summary>
[CifarResNet(Depth = 32, Plain = true)]
public sealed partial class CifarPlain32;

/// <summary>The plain network of 44 layers for CIFAR-10: ResNet-44 without shortcuts.</summary>
[CifarResNet(Depth = 44, Plain = true)]
public sealed partial class CifarPlain44;

/// <summary>The plain network of 56 layers for CIFAR-10: ResNet-56 without shortcuts.</summary>
[CifarResNet(Depth = 56, Plain = true)]
public sealed partial class CifarPlain56;

/// <summary>The plain network of 110 layers for CIFAR-10: ResNet-110 without shortcuts.</summary>
[CifarResNet(Depth = 110, Plain = true)]
public sealed partial class CifarPlain110;
