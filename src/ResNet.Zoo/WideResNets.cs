using ResNet.Dsl;

namespace ResNet.Zoo;

// Zagoruyko and Komodakis 2016, "Wide Residual Networks".

/// <summary>Wide ResNet-28-10 for CIFAR-10: 28 convolutions, ten times the width.</summary>
[CifarWideResNet(Depth = 28, Width = 10)]
public sealed partial class CifarWide28x10;

/// <summary>Wide ResNet-16-8 for CIFAR-10: 16 convolutions, eight times the width.</summary>
[CifarWideResNet(Depth = 16, Width = 8)]
public sealed partial class CifarWide16x8;
