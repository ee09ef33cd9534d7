using ResNet.Dsl;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>The architectures of the papers, in every combination of options that changes the generated code.</summary>
static class Zoo
{
    public static NetworkDefinition Build(Action<NetworkBuilder> declare, string name = "Net")
    {
        var builder = new NetworkBuilder();
        declare(builder);
        return builder.Build(name);
    }

    public static NetworkDefinition ResNet(int depth, Unit unit = Unit.Original, Shortcut? shortcut = null, bool plain = false, int groups = 1, int widthPerGroup = 64, int imageSize = 224, Stem stem = Stem.Single)
    {
        var attribute = new ResNetAttribute { Depth = depth, Unit = unit, Plain = plain, Groups = groups, WidthPerGroup = widthPerGroup, ImageSize = imageSize, Stem = stem };
        if (shortcut is { } given) attribute.Shortcut = given;
        return Build(attribute.Declare, $"ResNet{depth}");
    }

    public static NetworkDefinition Cifar(int depth, Unit unit = Unit.Original, Shortcut? shortcut = null, bool plain = false, Block block = Block.Auto)
    {
        var attribute = new CifarResNetAttribute { Depth = depth, Unit = unit, Plain = plain, Block = block };
        if (shortcut is { } given) attribute.Shortcut = given;
        return Build(attribute.Declare, $"CifarResNet{depth}");
    }

    /// <summary>VGG networks whose dense layers leave their ReLU to an operation of its own.</summary>
    public static IReadOnlyList<(string Name, NetworkDefinition Network)> DenseVgg { get; } =
    [
        ("vgg16", new VggAttribute { Depth = 16 }.Define("Vgg16")),
        ("vgg19_bn", new VggAttribute { Depth = 19, BatchNorm = true }.Define("Vgg19BatchNorm")),
    ];

    /// <summary>Scaled, gated and dropped-out shortcuts, which take operations of their own.</summary>
    public static IReadOnlyList<(string Name, NetworkDefinition Network)> Figure2 { get; } =
    [
        .. from unit in new[] { Unit.Original, Unit.PreActivation }
           from shortcut in Enum.GetValues<Shortcut>()
           where shortcut is > Shortcut.ProjectionAlways and <= Shortcut.Dropout
           select ($"{unit}-{shortcut}", Cifar(26, unit, shortcut)),
    ];

    /// <summary>The models of the tool, and every unit with every shortcut at a depth that has loops.</summary>
    public static IReadOnlyList<(string Name, NetworkDefinition Network)> All { get; } =
    [
        .. new[] { 18, 34, 50, 101, 152 }.Select(depth => ($"resnet{depth}", ResNet(depth))),
        .. new[] { 18, 34, 50 }.Select(depth => ($"plain{depth}", ResNet(depth, plain: true))),
        .. new[] { 20, 32, 44, 56, 110, 1202 }.Select(depth => ($"cifar-resnet{depth}", Cifar(depth))),
        .. new[] { 20, 56 }.Select(depth => ($"cifar-plain{depth}", Cifar(depth, plain: true))),
        .. new[] { 18, 34, 50, 101, 152 }.Select(depth => ($"preact-resnet{depth}", ResNet(depth, Unit.PreActivation))),
        .. new[] { 110, 164, 1001 }.Select(depth => ($"cifar-preact-resnet{depth}", Cifar(depth, Unit.PreActivation))),
        .. new[] { 18, 50 }.Select(depth => ($"resnet{depth}d", ResNet(depth, shortcut: Shortcut.AveragedProjection, stem: Stem.Deep))),
        ("cifar-averaged", Cifar(38, Unit.PreActivation, Shortcut.AveragedProjection, block: Block.Bottleneck)),
        ("resnext50_32x4d", ResNet(50, groups: 32, widthPerGroup: 4)),
        ("wide_resnet50_2", ResNet(50, widthPerGroup: 128)),
        .. DenseVgg,
        ("vgg11-convolutional", new VggAttribute { Depth = 11, FullyConvolutional = true }.Define("Vgg11")),
        .. from unit in Enum.GetValues<Unit>()
           from shortcut in new[] { Shortcut.ZeroPad, Shortcut.Projection, Shortcut.ProjectionAlways }
           from block in new[] { Block.Basic, Block.Bottleneck }
           let depth = block == Block.Basic ? 26 : 38
           select ($"{unit}-{shortcut}-{block}", Cifar(depth, unit, shortcut, block: block)),
        ("cifar-wide16-8", Build(new CifarWideResNetAttribute { Depth = 16, Width = 8 }.Declare, "CifarWide16x8")),
        ("cifar-wide28-10-dropout", Build(new CifarWideResNetAttribute { Depth = 28, Width = 10, Dropout = 0.3 }.Declare, "CifarWide28x10")),
        .. Figure2,
    ];

    /// <summary>The network of <see cref="All"/> with that name.</summary>
    public static NetworkDefinition Find(string name) => All.Single(entry => entry.Name == name).Network;
}
