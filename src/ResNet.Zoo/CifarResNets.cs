using ResNet.Dsl;

namespace ResNet.Tool.Zoo;

// He et al. 2015, section 4.2.

[CifarResNet(Depth = 20)]
sealed partial class CifarResNet20;

[CifarResNet(Depth = 32)]
sealed partial class CifarResNet32;

[CifarResNet(Depth = 44)]
sealed partial class CifarResNet44;

[CifarResNet(Depth = 56)]
sealed partial class CifarResNet56;

[CifarResNet(Depth = 110)]
sealed partial class CifarResNet110;

// Training at the paper's batch size of 128 would take 12 GB otherwise.
[CifarResNet(Depth = 1202, Recompute = true)]
sealed partial class CifarResNet1202;

[CifarResNet(Depth = 20, Plain = true)]
sealed partial class CifarPlain20;

[CifarResNet(Depth = 32, Plain = true)]
sealed partial class CifarPlain32;

[CifarResNet(Depth = 44, Plain = true)]
sealed partial class CifarPlain44;

[CifarResNet(Depth = 56, Plain = true)]
sealed partial class CifarPlain56;

[CifarResNet(Depth = 110, Plain = true)]
sealed partial class CifarPlain110;
