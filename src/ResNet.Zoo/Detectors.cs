using ResNet.Dsl;

namespace ResNet.Zoo;

// He et al. 2015, section 4.3 and Appendix A, and Ren et al. 2015, for the twenty classes of PASCAL VOC.

/// <summary>Faster R-CNN on ResNet-18 for PASCAL VOC.</summary>
[FasterRcnn(Backbone = 18, Classes = 20)]
public sealed partial class FasterRcnnResNet18;

/// <summary>Faster R-CNN on ResNet-34 for PASCAL VOC.</summary>
[FasterRcnn(Backbone = 34, Classes = 20)]
public sealed partial class FasterRcnnResNet34;

/// <summary>Faster R-CNN on ResNet-50 for PASCAL VOC.</summary>
[FasterRcnn(Backbone = 50, Classes = 20)]
public sealed partial class FasterRcnnResNet50;

/// <summary>Faster R-CNN on ResNet-101 for PASCAL VOC.</summary>
[FasterRcnn(Backbone = 101, Classes = 20)]
public sealed partial class FasterRcnnResNet101;

/// <summary>Faster R-CNN on ResNet-152 for PASCAL VOC.</summary>
[FasterRcnn(Backbone = 152, Classes = 20)]
public sealed partial class FasterRcnnResNet152;

/// <summary>Faster R-CNN on VGG-16 for PASCAL VOC.</summary>
[FasterRcnn(Vgg = 16, Classes = 20)]
public sealed partial class FasterRcnnVgg16;

/// <summary>A small residual detector of six drawn shapes, which a processor trains in minutes.</summary>
[Detector(Classes = 6, ShorterSide = 128, LongerSide = 128, AnchorSizes = [16, 28, 48], RegionSize = 8)]
public sealed partial class ShapesDetector
{
    internal static void Features(NetworkBuilder net)
    {
        net.Input(3, 128, 128).Conv(16, kernel: 3, stride: 2, padding: 1, name: "conv1").BatchNorm(name: "bn1").Relu();
        net.Residual(block => Block(block, 16, stride: 1), Shortcut.Identity, name: "layer1");
        net.Residual(block => Block(block, 32, stride: 2), Shortcut.Projection, name: "layer2.0");
        net.Residual(block => Block(block, 32, stride: 1), Shortcut.Identity, name: "layer2.1");
        net.Residual(block => Block(block, 64, stride: 2), Shortcut.Projection, name: "layer3.0");
        net.Residual(block => Block(block, 64, stride: 1), Shortcut.Identity, name: "layer3.1");
    }

    internal static void Regions(NetworkBuilder roi) => roi
        .Residual(block => Block(block, 128, stride: 2), Shortcut.Projection, name: "layer4")
        .GlobalAveragePool();

    static void Block(NetworkBuilder block, int channels, int stride) => block
        .Conv(channels, kernel: 3, stride: stride, padding: 1).BatchNorm().Relu()
        .Conv(channels, kernel: 3, padding: 1).BatchNorm();
}
