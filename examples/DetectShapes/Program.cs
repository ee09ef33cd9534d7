using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Drawing;
using ResNet.Runtime.Detection.Training;

// Declares a detector of one's own, trains it on drawn shapes for some minutes, and draws what it finds in pictures that it has not seen:
//   dotnet run -c Release --project examples/DetectShapes [-- FOLDER [IMAGES [EPOCHS]]]

var folder = args is [var name, ..] ? name : "shapes";
int images = args is [_, var count, ..] ? int.Parse(count) : 3200, epochs = args is [_, _, var passes] ? int.Parse(passes) : 3;

using var net = new ShapeDetector();
var test = new ShapesDetection(Math.Min(images, 200), DatasetSplit.Test);
var settings = DetectionRecipe.Shapes.Apply(new DetectionRunSettings()) with { Epochs = epochs };
var run = new DetectionRun(net, new ShapesDetection(images), test, settings, folder);
run.Observers.Add(new Log());
run.Run(resume: run.CanResume);

using var best = Detector.Open(folder);
Console.WriteLine($"mAP {best.Metrics["map"]:P2}");
for (var i = 0; i < 4; i++)
{
    var found = best.Detect(test.Load(i));
    foreach (var item in found) Console.WriteLine($"picture {i}: {item}");
    DetectionDrawing.Draw(test.Load(i), found).SavePng(Path.Combine(folder, $"found-{i}.png"));
}

[Detector(Classes = 6, ShorterSide = 128, LongerSide = 128, AnchorSizes = [16, 28, 48], RegionSize = 8)]
public partial class ShapeDetector
{
    // From the image to feature maps; the region proposal network is added to them.
    static void Features(NetworkBuilder net) => net
        .Input(3, 128, 128).Conv(16, kernel: 3, stride: 2, padding: 1).BatchNorm().Relu()
        .Residual(r => Block(r, 16, stride: 1)).Residual(r => Block(r, 32, stride: 2), Shortcut.Projection).Residual(r => Block(r, 32, stride: 1))
        .Residual(r => Block(r, 64, stride: 2), Shortcut.Projection).Residual(r => Block(r, 64, stride: 1));

    // From a region of the feature maps to a vector; classes and boxes follow from it.
    static void Regions(NetworkBuilder roi) => roi.Residual(r => Block(r, 128, stride: 2), Shortcut.Projection).GlobalAveragePool();

    static void Block(NetworkBuilder r, int channels, int stride) => r
        .Conv(channels, kernel: 3, stride: stride, padding: 1).BatchNorm().Relu()
        .Conv(channels, kernel: 3, padding: 1).BatchNorm();
}

sealed class Log : IDetectionObserver
{
    public void OnEpoch(DetectionEpochMetrics metrics) => Console.WriteLine($"epoch {metrics.Epoch}: {metrics.Losses}, mAP {metrics.Validation:P2}, {metrics.Seconds:F0} s");
}
