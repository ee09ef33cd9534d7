using ResNet.Dsl;

namespace ResNet.Zoo;

// He et al. 2015, Table 1, torchvision's wider relatives of the same form, and timm's ResNet-D.

/// <summary>ResNet-18 for ImageNet, with torchvision's names of parameters.</summary>
[ResNet(Depth = 18)]
public sealed partial class ResNet18;

/// <summary>ResNet-34 for ImageNet, with torchvision's names of parameters.</summary>
[ResNet(Depth = 34)]
public sealed partial class ResNet34;

/// <summary>ResNet-50 for ImageNet, with torchvision's names of parameters.</summary>
[ResNet(Depth = 50)]
public sealed partial class ResNet50;

/// <summary>ResNet-101 for ImageNet, with torchvision's names of parameters.</summary>
[ResNet(Depth = 101)]
public sealed partial class ResNet101;

/// <summary>ResNet-152 for ImageNet, with torchvision's names of parameters.</summary>
[ResNet(Depth = 152)]
public sealed partial class ResNet152;

/// <summary>The plain network of 18 layers for ImageNet: ResNet-18 without shortcuts.</summary>
[ResNet(Depth = 18, Plain = true)]
public sealed partial class Plain18;

/// <summary>The plain network of 34 layers for ImageNet: ResNet-34 without shortcuts.</summary>
[ResNet(Depth = 34, Plain = true)]
public sealed partial class Plain34;

/// <summary>ResNeXt-50 32×4d for ImageNet (Xie et al. 2017), with torchvision's names of parameters.</summary>
[ResNet(Depth = 50, Groups = 32, WidthPerGroup = 4)]
public sealed partial class ResNeXt50;

/// <summary>ResNeXt-101 32×8d for ImageNet (Xie et al. 2017), with torchvision's names of parameters.</summary>
[ResNet(Depth = 101, Groups = 32, WidthPerGroup = 8)]
public sealed partial class ResNeXt101;

/// <summary>Wide ResNet-50-2 for ImageNet (Zagoruyko and Komodakis 2016), with torchvision's names of parameters.</summary>
[ResNet(Depth = 50, WidthPerGroup = 128)]
public sealed partial class WideResNet50;

/// <summary>Wide ResNet-101-2 for ImageNet (Zagoruyko and Komodakis 2016), with torchvision's names of parameters.</summary>
[ResNet(Depth = 101, WidthPerGroup = 128)]
public sealed partial class WideResNet101;

/// <summary>ResNet-D of 18 layers for ImageNet (He et al. 2019, Figure 2), with timm's names of parameters.</summary>
[ResNet(Depth = 18, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection)]
public sealed partial class ResNet18D;

/// <summary>ResNet-D of 34 layers for ImageNet (He et al. 2019, Figure 2), with timm's names of parameters.</summary>
[ResNet(Depth = 34, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection)]
public sealed partial class ResNet34D;

/// <summary>ResNet-D of 50 layers for ImageNet (He et al. 2019, Figure 2), with timm's names of parameters.</summary>
[ResNet(Depth = 50, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection)]
public sealed partial class ResNet50D;

/// <summary>ResNet-D of 101 layers for ImageNet (He et al. 2019, Figure 2), with timm's names of parameters.</summary>
[ResNet(Depth = 101, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection)]
public sealed partial class ResNet101D;

/// <summary>ResNet-D of 152 layers for ImageNet (He et al. 2019, Figure 2), with timm's names of parameters.</summary>
[ResNet(Depth = 152, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection)]
public sealed partial class ResNet152D;
