using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>The detectors of <see cref="DetectionReference"/>.</summary>
static class ReferenceDetectors
{
    /// <summary>Columns and rows of the reference's images.</summary>
    public const int Width = 208, Height = 160;

    /// <summary>Width 8, one basic block per stage, three classes.</summary>
    public static Detector Mini(RoiMethod method) => Mini(new() { RoiMethod = method }, frozen: true);

    /// <summary>The same with other options.</summary>
    /// <param name="options">Options beside classes and anchors.</param>
    /// <param name="frozen">Whether normalization keeps its statistics.</param>
    public static Detector Mini(DetectorAttribute options, bool frozen)
    {
        (options.Classes, options.AnchorSizes) = (3, [32, 64, 128]);
        var detector = options.Compose("mini", Features, Regions);
        return Detector.Create(frozen ? WithFrozenNormalization(detector) : detector);
    }

    /// <summary>ResNet-18, twenty classes.</summary>
    public static Detector ResNet18(RoiMethod method) => Detector.Create(new FasterRcnnAttribute
    {
        Backbone = 18,
        Classes = 20,
        AnchorSizes = [32, 64, 128],
        RoiMethod = method,
    }.Define("resnet18"));

    static DetectorDefinition WithFrozenNormalization(DetectorDefinition detector) =>
        detector with { Trunk = detector.Trunk.WithFrozenNormalization(), Head = detector.Head.WithFrozenNormalization() };

    static void Features(NetworkBuilder net)
    {
        net.Input(3, 304, 400).Conv(8, 7, stride: 2, padding: 3).BatchNorm().Relu().MaxPool(3, stride: 2, padding: 1);
        Unit(net, "layer1.0", 8, 1);
        Unit(net, "layer2.0", 16, 2);
        Unit(net, "layer3.0", 32, 2);
    }

    static void Regions(NetworkBuilder roi)
    {
        Unit(roi, "layer4.0", 64, 2);
        roi.GlobalAveragePool();
    }

    static void Unit(NetworkBuilder net, string name, int channels, int stride) => net.Residual(
        main => main.Conv(channels, 3, stride, padding: 1, name: "conv1").BatchNorm(name: "bn1").Relu().Conv(channels, 3, padding: 1, name: "conv2").BatchNorm(name: "bn2"),
        stride == 1 ? Shortcut.Identity : Shortcut.Projection, name: name);
}
