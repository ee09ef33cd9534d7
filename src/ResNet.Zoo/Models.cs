using System.Diagnostics.CodeAnalysis;
using ResNet.Runtime;

namespace ResNet.Zoo;

/// <summary>
/// The networks of He et al. 2015, "Deep Residual Learning for Image Recognition", and 2016, "Identity Mappings in Deep Residual
/// Networks", of Zagoruyko and Komodakis 2016, "Wide Residual Networks", torchvision's and timm's relatives of the same form, and the VGG networks
/// that they are compared with.
/// </summary>
public static class Models
{
    /// <summary>ImageNet, 18 layers, basic blocks: <see cref="Zoo.ResNet18"/>.</summary>
    public static Model ResNet18 { get; } = Of("resnet18", "ImageNet, 18 layers, basic blocks", device => new Zoo.ResNet18(device),
        Pretrained.ImageNet("resnet18", top1: 0.69758, top5: 0.89078));

    /// <summary>ImageNet, 34 layers, basic blocks: <see cref="Zoo.ResNet34"/>.</summary>
    public static Model ResNet34 { get; } = Of("resnet34", "ImageNet, 34 layers, basic blocks", device => new Zoo.ResNet34(device),
        Pretrained.ImageNet("resnet34", top1: 0.73314, top5: 0.9142));

    /// <summary>ImageNet, 50 layers, bottlenecks: <see cref="Zoo.ResNet50"/>.</summary>
    public static Model ResNet50 { get; } = Of("resnet50", "ImageNet, 50 layers, bottlenecks", device => new Zoo.ResNet50(device),
        Pretrained.ImageNet("resnet50", top1: 0.7613, top5: 0.92862));

    /// <summary>ImageNet, 101 layers, bottlenecks: <see cref="Zoo.ResNet101"/>.</summary>
    public static Model ResNet101 { get; } = Of("resnet101", "ImageNet, 101 layers, bottlenecks", device => new Zoo.ResNet101(device),
        Pretrained.ImageNet("resnet101", top1: 0.77374, top5: 0.93546));

    /// <summary>ImageNet, 152 layers, bottlenecks: <see cref="Zoo.ResNet152"/>.</summary>
    public static Model ResNet152 { get; } = Of("resnet152", "ImageNet, 152 layers, bottlenecks", device => new Zoo.ResNet152(device),
        Pretrained.ImageNet("resnet152", top1: 0.78312, top5: 0.94046));

    /// <summary>ImageNet, ResNet-D, 18 layers, basic blocks: <see cref="Zoo.ResNet18D"/>.</summary>
    public static Model ResNet18D { get; } = Of("resnet18d", "ImageNet, ResNet-D, 18 layers, basic blocks", device => new Zoo.ResNet18D(device));

    /// <summary>ImageNet, ResNet-D, 34 layers, basic blocks: <see cref="Zoo.ResNet34D"/>.</summary>
    public static Model ResNet34D { get; } = Of("resnet34d", "ImageNet, ResNet-D, 34 layers, basic blocks", device => new Zoo.ResNet34D(device));

    /// <summary>ImageNet, ResNet-D, 50 layers, bottlenecks: <see cref="Zoo.ResNet50D"/>.</summary>
    public static Model ResNet50D { get; } = Of("resnet50d", "ImageNet, ResNet-D, 50 layers, bottlenecks", device => new Zoo.ResNet50D(device));

    /// <summary>ImageNet, ResNet-D, 101 layers, bottlenecks: <see cref="Zoo.ResNet101D"/>.</summary>
    public static Model ResNet101D { get; } = Of("resnet101d", "ImageNet, ResNet-D, 101 layers, bottlenecks", device => new Zoo.ResNet101D(device));

    /// <summary>ImageNet, ResNet-D, 152 layers, bottlenecks: <see cref="Zoo.ResNet152D"/>.</summary>
    public static Model ResNet152D { get; } = Of("resnet152d", "ImageNet, ResNet-D, 152 layers, bottlenecks", device => new Zoo.ResNet152D(device));

    /// <summary>ImageNet, ResNeXt-50, 32 groups of 4 channels: <see cref="Zoo.ResNeXt50"/>.</summary>
    public static Model ResNeXt50 { get; } = Of("resnext50_32x4d", "ImageNet, ResNeXt-50, 32 groups of 4 channels", device => new Zoo.ResNeXt50(device),
        Pretrained.ImageNet("resnext50_32x4d", top1: 0.77618, top5: 0.93698));

    /// <summary>ImageNet, ResNeXt-101, 32 groups of 8 channels: <see cref="Zoo.ResNeXt101"/>.</summary>
    public static Model ResNeXt101 { get; } = Of("resnext101_32x8d", "ImageNet, ResNeXt-101, 32 groups of 8 channels", device => new Zoo.ResNeXt101(device),
        Pretrained.ImageNet("resnext101_32x8d", top1: 0.79312, top5: 0.94526));

    /// <summary>ImageNet, Wide ResNet-50, twice the width: <see cref="Zoo.WideResNet50"/>.</summary>
    public static Model WideResNet50 { get; } = Of("wide_resnet50_2", "ImageNet, Wide ResNet-50, twice the width", device => new Zoo.WideResNet50(device),
        Pretrained.ImageNet("wide_resnet50_2", top1: 0.78468, top5: 0.94086));

    /// <summary>ImageNet, Wide ResNet-101, twice the width: <see cref="Zoo.WideResNet101"/>.</summary>
    public static Model WideResNet101 { get; } = Of("wide_resnet101_2", "ImageNet, Wide ResNet-101, twice the width", device => new Zoo.WideResNet101(device),
        Pretrained.ImageNet("wide_resnet101_2", top1: 0.78848, top5: 0.94284));

    /// <summary>ImageNet, 18 layers without shortcuts: <see cref="Zoo.Plain18"/>.</summary>
    public static Model Plain18 { get; } = Of("plain18", "ImageNet, 18 layers without shortcuts", device => new Zoo.Plain18(device));

    /// <summary>ImageNet, 34 layers without shortcuts: <see cref="Zoo.Plain34"/>.</summary>
    public static Model Plain34 { get; } = Of("plain34", "ImageNet, 34 layers without shortcuts", device => new Zoo.Plain34(device));

    /// <summary>ImageNet, 18 layers, pre-activation: <see cref="Zoo.PreActResNet18"/>.</summary>
    public static Model PreActResNet18 { get; } = Of("preact-resnet18", "ImageNet, 18 layers, pre-activation", device => new Zoo.PreActResNet18(device));

    /// <summary>ImageNet, 34 layers, pre-activation: <see cref="Zoo.PreActResNet34"/>.</summary>
    public static Model PreActResNet34 { get; } = Of("preact-resnet34", "ImageNet, 34 layers, pre-activation", device => new Zoo.PreActResNet34(device));

    /// <summary>ImageNet, 50 layers, pre-activation: <see cref="Zoo.PreActResNet50"/>.</summary>
    public static Model PreActResNet50 { get; } = Of("preact-resnet50", "ImageNet, 50 layers, pre-activation", device => new Zoo.PreActResNet50(device));

    /// <summary>ImageNet, 101 layers, pre-activation: <see cref="Zoo.PreActResNet101"/>.</summary>
    public static Model PreActResNet101 { get; } = Of("preact-resnet101", "ImageNet, 101 layers, pre-activation", device => new Zoo.PreActResNet101(device));

    /// <summary>ImageNet, 152 layers, pre-activation: <see cref="Zoo.PreActResNet152"/>.</summary>
    public static Model PreActResNet152 { get; } = Of("preact-resnet152", "ImageNet, 152 layers, pre-activation", device => new Zoo.PreActResNet152(device));

    /// <summary>ImageNet, VGG, 11 layers: <see cref="Zoo.Vgg11"/>.</summary>
    public static Model Vgg11 { get; } = Of("vgg11", "ImageNet, VGG, 11 layers", device => new Zoo.Vgg11(device),
        Pretrained.ImageNet("vgg11", top1: 0.6902, top5: 0.88628));

    /// <summary>ImageNet, VGG, 13 layers: <see cref="Zoo.Vgg13"/>.</summary>
    public static Model Vgg13 { get; } = Of("vgg13", "ImageNet, VGG, 13 layers", device => new Zoo.Vgg13(device),
        Pretrained.ImageNet("vgg13", top1: 0.69928, top5: 0.89246));

    /// <summary>ImageNet, VGG, 16 layers: <see cref="Zoo.Vgg16"/>.</summary>
    public static Model Vgg16 { get; } = Of("vgg16", "ImageNet, VGG, 16 layers", device => new Zoo.Vgg16(device),
        Pretrained.ImageNet("vgg16", top1: 0.71592, top5: 0.90382));

    /// <summary>ImageNet, VGG, 19 layers: <see cref="Zoo.Vgg19"/>.</summary>
    public static Model Vgg19 { get; } = Of("vgg19", "ImageNet, VGG, 19 layers", device => new Zoo.Vgg19(device),
        Pretrained.ImageNet("vgg19", top1: 0.72376, top5: 0.90876));

    /// <summary>ImageNet, VGG, 11 layers, batch normalization: <see cref="Zoo.Vgg11BatchNorm"/>.</summary>
    public static Model Vgg11BatchNorm { get; } = Of("vgg11_bn", "ImageNet, VGG, 11 layers, batch normalization", device => new Zoo.Vgg11BatchNorm(device),
        Pretrained.ImageNet("vgg11_bn", top1: 0.7037, top5: 0.8981));

    /// <summary>ImageNet, VGG, 13 layers, batch normalization: <see cref="Zoo.Vgg13BatchNorm"/>.</summary>
    public static Model Vgg13BatchNorm { get; } = Of("vgg13_bn", "ImageNet, VGG, 13 layers, batch normalization", device => new Zoo.Vgg13BatchNorm(device),
        Pretrained.ImageNet("vgg13_bn", top1: 0.71586, top5: 0.90374));

    /// <summary>ImageNet, VGG, 16 layers, batch normalization: <see cref="Zoo.Vgg16BatchNorm"/>.</summary>
    public static Model Vgg16BatchNorm { get; } = Of("vgg16_bn", "ImageNet, VGG, 16 layers, batch normalization", device => new Zoo.Vgg16BatchNorm(device),
        Pretrained.ImageNet("vgg16_bn", top1: 0.7336, top5: 0.91516));

    /// <summary>ImageNet, VGG, 19 layers, batch normalization: <see cref="Zoo.Vgg19BatchNorm"/>.</summary>
    public static Model Vgg19BatchNorm { get; } = Of("vgg19_bn", "ImageNet, VGG, 19 layers, batch normalization", device => new Zoo.Vgg19BatchNorm(device),
        Pretrained.ImageNet("vgg19_bn", top1: 0.74218, top5: 0.91842));

    /// <summary>CIFAR-10, 20 layers: <see cref="Zoo.CifarResNet20"/>.</summary>
    public static Model CifarResNet20 { get; } = Of("cifar-resnet20", "CIFAR-10, 20 layers", device => new Zoo.CifarResNet20(device));

    /// <summary>CIFAR-10, 32 layers: <see cref="Zoo.CifarResNet32"/>.</summary>
    public static Model CifarResNet32 { get; } = Of("cifar-resnet32", "CIFAR-10, 32 layers", device => new Zoo.CifarResNet32(device));

    /// <summary>CIFAR-10, 44 layers: <see cref="Zoo.CifarResNet44"/>.</summary>
    public static Model CifarResNet44 { get; } = Of("cifar-resnet44", "CIFAR-10, 44 layers", device => new Zoo.CifarResNet44(device));

    /// <summary>CIFAR-10, 56 layers: <see cref="Zoo.CifarResNet56"/>.</summary>
    public static Model CifarResNet56 { get; } = Of("cifar-resnet56", "CIFAR-10, 56 layers", device => new Zoo.CifarResNet56(device));

    /// <summary>CIFAR-10, 110 layers: <see cref="Zoo.CifarResNet110"/>.</summary>
    public static Model CifarResNet110 { get; } = Of("cifar-resnet110", "CIFAR-10, 110 layers", device => new Zoo.CifarResNet110(device));

    /// <summary>CIFAR-10, 1202 layers: <see cref="Zoo.CifarResNet1202"/>.</summary>
    public static Model CifarResNet1202 { get; } = Of("cifar-resnet1202", "CIFAR-10, 1202 layers", device => new Zoo.CifarResNet1202(device));

    /// <summary>CIFAR-10, 20 layers without shortcuts: <see cref="Zoo.CifarPlain20"/>.</summary>
    public static Model CifarPlain20 { get; } = Of("cifar-plain20", "CIFAR-10, 20 layers without shortcuts", device => new Zoo.CifarPlain20(device));

    /// <summary>CIFAR-10, 32 layers without shortcuts: <see cref="Zoo.CifarPlain32"/>.</summary>
    public static Model CifarPlain32 { get; } = Of("cifar-plain32", "CIFAR-10, 32 layers without shortcuts", device => new Zoo.CifarPlain32(device));

    /// <summary>CIFAR-10, 44 layers without shortcuts: <see cref="Zoo.CifarPlain44"/>.</summary>
    public static Model CifarPlain44 { get; } = Of("cifar-plain44", "CIFAR-10, 44 layers without shortcuts", device => new Zoo.CifarPlain44(device));

    /// <summary>CIFAR-10, 56 layers without shortcuts: <see cref="Zoo.CifarPlain56"/>.</summary>
    public static Model CifarPlain56 { get; } = Of("cifar-plain56", "CIFAR-10, 56 layers without shortcuts", device => new Zoo.CifarPlain56(device));

    /// <summary>CIFAR-10, 110 layers without shortcuts: <see cref="Zoo.CifarPlain110"/>.</summary>
    public static Model CifarPlain110 { get; } = Of("cifar-plain110", "CIFAR-10, 110 layers without shortcuts", device => new Zoo.CifarPlain110(device));

    /// <summary>CIFAR-10, 110 layers, pre-activation: <see cref="Zoo.CifarPreActResNet110"/>.</summary>
    public static Model CifarPreActResNet110 { get; } = Of("cifar-preact-resnet110", "CIFAR-10, 110 layers, pre-activation", device => new Zoo.CifarPreActResNet110(device));

    /// <summary>CIFAR-10, 164 layers, pre-activation bottlenecks: <see cref="Zoo.CifarPreActResNet164"/>.</summary>
    public static Model CifarPreActResNet164 { get; } = Of("cifar-preact-resnet164", "CIFAR-10, 164 layers, pre-activation bottlenecks", device => new Zoo.CifarPreActResNet164(device));

    /// <summary>CIFAR-10, 1001 layers, pre-activation bottlenecks: <see cref="Zoo.CifarPreActResNet1001"/>.</summary>
    public static Model CifarPreActResNet1001 { get; } = Of("cifar-preact-resnet1001", "CIFAR-10, 1001 layers, pre-activation bottlenecks", device => new Zoo.CifarPreActResNet1001(device));

    /// <summary>CIFAR-10, Wide ResNet, 28 convolutions, ten times the width: <see cref="Zoo.CifarWide28x10"/>.</summary>
    public static Model CifarWide28x10 { get; } = Of("cifar-wide28-10", "CIFAR-10, Wide ResNet, 28 convolutions, ten times the width", device => new Zoo.CifarWide28x10(device));

    /// <summary>CIFAR-10, Wide ResNet, 16 convolutions, eight times the width: <see cref="Zoo.CifarWide16x8"/>.</summary>
    public static Model CifarWide16x8 { get; } = Of("cifar-wide16-8", "CIFAR-10, Wide ResNet, 16 convolutions, eight times the width", device => new Zoo.CifarWide16x8(device));

    /// <summary>Every network, in the order above.</summary>
    public static IReadOnlyList<Model> All { get; } =
    [
        ResNet18, ResNet34, ResNet50, ResNet101, ResNet152, ResNet18D, ResNet34D, ResNet50D, ResNet101D, ResNet152D, ResNeXt50, ResNeXt101, WideResNet50, WideResNet101, Plain18,
        Plain34, PreActResNet18, PreActResNet34, PreActResNet50, PreActResNet101, PreActResNet152,
        Vgg11, Vgg13, Vgg16, Vgg19, Vgg11BatchNorm, Vgg13BatchNorm, Vgg16BatchNorm, Vgg19BatchNorm,
        CifarResNet20, CifarResNet32,
        CifarResNet44, CifarResNet56, CifarResNet110, CifarResNet1202, CifarPlain20, CifarPlain32, CifarPlain44, CifarPlain56,
        CifarPlain110, CifarPreActResNet110, CifarPreActResNet164, CifarPreActResNet1001, CifarWide28x10,
        CifarWide16x8,
    ];

    /// <summary>The network of a name.</summary>
    /// <param name="name">Its <see cref="Model.Name"/>; case makes no difference.</param>
    /// <exception cref="ArgumentException">There is none; the message has the names that it may have meant.</exception>
    public static Model Find(string name) => TryFind(name, out var model) ? model : throw new ArgumentException(NearNames.Explain(name));

    /// <summary>Looks for the network of a name.</summary>
    /// <param name="name">Its <see cref="Model.Name"/>; case makes no difference.</param>
    /// <param name="model">The network, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out Model? model)
    {
        ArgumentNullException.ThrowIfNull(name);
        model = All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return model is not null;
    }

    static Model Of<T>(string name, string description, Func<Device?, T> compiled, Pretrained? pretrained = null) where T : Network =>
        new(name, description, typeof(T), compiled, pretrained);
}
