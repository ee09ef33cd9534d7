using ResNet.Dsl;

namespace ResNet.Zoo;

// He et al. 2016, "Identity Mappings in Deep Residual Networks".

/// <summary>The pre-activation ResNet-18 for ImageNet.</summary>
[ResNet(Depth = 18, Unit = Unit.PreActivation)]
public sealed partial class PreActResNet18;

/// <summary>The pre-activation ResNet-34 for ImageNet.</summary>
[ResNet(Depth = 34, Unit = Unit.PreActivation)]
public sealed partial class PreActResNet34;

/// <summary>The pre-activation ResNet-50 for ImageNet.</summary>
[ResNet(Depth = 50, Unit = Unit.PreActivation)]
public sealed partial class PreActResNet50;

/// <summary>The pre-activation ResNet-101 for ImageNet.</summary>
[ResNet(Depth = 101, Unit = Unit.PreActivation)]
public sealed partial class PreActResNet101;

/// <summary>The pre-activation ResNet-152 for ImageNet.</summary>
[ResNet(Depth = 152, Unit = Unit.PreActivation)]
public sealed partial class PreActResNet152;

/// <summary>The pre-activation ResNet-110 for CIFAR-10.</summary>
[CifarResNet(Depth = 110, Unit = Unit.PreActivation)]
public sealed partial class CifarPreActResNet110;

/// <summary>The pre-activation ResNet-164 for CIFAR-10, of bottlenecks.</summary>
[CifarResNet(Depth = 164, Unit = Unit.PreActivation)]
public sealed partial class CifarPreActResNet164;

/// <summary>The pre-activation ResNet-1001 for CIFAR-10, of bottlenecks.</summary>
[CifarResNet(Depth = 1001, Unit = Unit.PreActivation)]
public sealed partial class CifarPreActResNet1001;
