using ResNet.Dsl;

namespace ResNet.Zoo;

// Simonyan and Zisserman 2015, Table 1: A, B, D and E.

/// <summary>VGG-11 for ImageNet, with torchvision's names of parameters.</summary>
[Vgg(Depth = 11)]
public sealed partial class Vgg11;

/// <summary>VGG-13 for ImageNet, with torchvision's names of parameters.</summary>
[Vgg(Depth = 13)]
public sealed partial class Vgg13;

/// <summary>VGG-16 for ImageNet, with torchvision's names of parameters.</summary>
[Vgg(Depth = 16)]
public sealed partial class Vgg16;

/// <summary>VGG-19 for ImageNet, with torchvision's names of parameters.</summary>
[Vgg(Depth = 19)]
public sealed partial class Vgg19;

/// <summary>VGG-11 for ImageNet with batch normalization, with torchvision's names of parameters.</summary>
[Vgg(Depth = 11, BatchNorm = true)]
public sealed partial class Vgg11BatchNorm;

/// <summary>VGG-13 for ImageNet with batch normalization, with torchvision's names of parameters.</summary>
[Vgg(Depth = 13, BatchNorm = true)]
public sealed partial class Vgg13BatchNorm;

/// <summary>VGG-16 for ImageNet with batch normalization, with torchvision's names of parameters.</summary>
[Vgg(Depth = 16, BatchNorm = true)]
public sealed partial class Vgg16BatchNorm;

/// <summary>VGG-19 for ImageNet with batch normalization, with torchvision's names of parameters.</summary>
[Vgg(Depth = 19, BatchNorm = true)]
public sealed partial class Vgg19BatchNorm;
