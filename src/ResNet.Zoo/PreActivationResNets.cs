using ResNet.Dsl;

namespace ResNet.Tool.Zoo;

// He et al. 2016, "Identity Mappings in Deep Residual Networks".

[ResNet(Depth = 18, Unit = Unit.PreActivation)]
sealed partial class PreActResNet18;

[ResNet(Depth = 34, Unit = Unit.PreActivation)]
sealed partial class PreActResNet34;

[ResNet(Depth = 50, Unit = Unit.PreActivation)]
sealed partial class PreActResNet50;

[ResNet(Depth = 101, Unit = Unit.PreActivation)]
sealed partial class PreActResNet101;

[ResNet(Depth = 152, Unit = Unit.PreActivation)]
sealed partial class PreActResNet152;

[CifarResNet(Depth = 110, Unit = Unit.PreActivation)]
sealed partial class CifarPreActResNet110;

[CifarResNet(Depth = 164, Unit = Unit.PreActivation)]
sealed partial class CifarPreActResNet164;

[CifarResNet(Depth = 1001, Unit = Unit.PreActivation)]
sealed partial class CifarPreActResNet1001;
