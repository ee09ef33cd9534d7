using ResNet.Dsl;

namespace ResNet.Tool.Zoo;

// He et al. 2015, Table 1, and torchvision's wider relatives of the same form.

[ResNet(Depth = 18)]
sealed partial class ResNet18;

[ResNet(Depth = 34)]
sealed partial class ResNet34;

[ResNet(Depth = 50)]
sealed partial class ResNet50;

[ResNet(Depth = 101)]
sealed partial class ResNet101;

[ResNet(Depth = 152)]
sealed partial class ResNet152;

[ResNet(Depth = 18, Plain = true)]
sealed partial class Plain18;

[ResNet(Depth = 34, Plain = true)]
sealed partial class Plain34;

[ResNet(Depth = 50, Groups = 32, WidthPerGroup = 4)]
sealed partial class ResNeXt50_32x4d;

[ResNet(Depth = 101, Groups = 32, WidthPerGroup = 8)]
sealed partial class ResNeXt101_32x8d;

[ResNet(Depth = 50, WidthPerGroup = 128)]
sealed partial class WideResNet50_2;

[ResNet(Depth = 101, WidthPerGroup = 128)]
sealed partial class WideResNet101_2;
