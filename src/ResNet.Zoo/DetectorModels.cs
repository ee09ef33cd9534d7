using System.Diagnostics.CodeAnalysis;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Zoo;

/// <summary>
/// The detectors of He et al. 2015, section 4.3, and Ren et al. 2015, "Faster R-CNN", for the classes of PASCAL VOC, and a small one for drawn shapes.
/// </summary>
public static class DetectorModels
{
    /// <summary>Drawn shapes, a small residual network: <see cref="Zoo.ShapesDetector"/>.</summary>
    public static DetectorModel ShapesDetector { get; } = new("shapes-detector", "drawn shapes, a small residual network of stride 8", typeof(ShapesDetector), device => new ShapesDetector(device),
        (declaration, name) => declaration.Compose(name, Zoo.ShapesDetector.Features, Zoo.ShapesDetector.Regions), ShapesDetection.Names, DetectionRecipe.Shapes);

    /// <summary>PASCAL VOC, ResNet-18: <see cref="Zoo.FasterRcnnResNet18"/>.</summary>
    public static DetectorModel FasterRcnnResNet18 { get; } = FasterRcnn("resnet18", "ResNet-18", device => new FasterRcnnResNet18(device));

    /// <summary>PASCAL VOC, ResNet-34: <see cref="Zoo.FasterRcnnResNet34"/>.</summary>
    public static DetectorModel FasterRcnnResNet34 { get; } = FasterRcnn("resnet34", "ResNet-34", device => new FasterRcnnResNet34(device));

    /// <summary>PASCAL VOC, ResNet-50: <see cref="Zoo.FasterRcnnResNet50"/>.</summary>
    public static DetectorModel FasterRcnnResNet50 { get; } = FasterRcnn("resnet50", "ResNet-50", device => new FasterRcnnResNet50(device));

    /// <summary>PASCAL VOC, ResNet-101: <see cref="Zoo.FasterRcnnResNet101"/>.</summary>
    public static DetectorModel FasterRcnnResNet101 { get; } = FasterRcnn("resnet101", "ResNet-101", device => new FasterRcnnResNet101(device));

    /// <summary>PASCAL VOC, ResNet-152: <see cref="Zoo.FasterRcnnResNet152"/>.</summary>
    public static DetectorModel FasterRcnnResNet152 { get; } = FasterRcnn("resnet152", "ResNet-152", device => new FasterRcnnResNet152(device));

    /// <summary>PASCAL VOC, VGG-16: <see cref="Zoo.FasterRcnnVgg16"/>.</summary>
    public static DetectorModel FasterRcnnVgg16 { get; } = FasterRcnn("vgg16", "VGG-16", device => new FasterRcnnVgg16(device));

    /// <summary>Every detector, in the order above.</summary>
    public static IReadOnlyList<DetectorModel> All { get; } =
        [ShapesDetector, FasterRcnnResNet18, FasterRcnnResNet34, FasterRcnnResNet50, FasterRcnnResNet101, FasterRcnnResNet152, FasterRcnnVgg16];

    /// <summary>The detector of a name.</summary>
    /// <param name="name">Its <see cref="DetectorModel.Name"/>; case makes no difference.</param>
    /// <exception cref="ArgumentException">There is none; the message has the names that it may have meant.</exception>
    public static DetectorModel Find(string name) =>
        TryFind(name, out var model) ? model : throw new ArgumentException(NearNames.Explain(name));

    /// <summary>Looks for the detector of a name.</summary>
    /// <param name="name">Its <see cref="DetectorModel.Name"/>; case makes no difference.</param>
    /// <param name="model">The detector, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out DetectorModel? model)
    {
        ArgumentNullException.ThrowIfNull(name);
        model = All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return model is not null;
    }

    static DetectorModel FasterRcnn<T>(string backbone, string title, Func<Device?, T> compiled) where T : Detector => new(
        $"fasterrcnn-{backbone}", $"PASCAL VOC, Faster R-CNN, {title}", typeof(T), compiled,
        (declaration, name) => ((FasterRcnnAttribute)declaration).Define(name), VocDataset.Names, DetectionRecipe.FasterRcnn);
}
