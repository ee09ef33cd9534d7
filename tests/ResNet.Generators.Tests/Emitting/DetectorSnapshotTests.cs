using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Generators.Model;
using ResNet.Tests;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>Whole generated files of detectors: the class that joins the networks, and both of them.</summary>
public class DetectorSnapshotTests
{
    [Fact]
    public Task Faster_rcnn_on_resnet18() => Snapshot.Verify(FilesOf(new FasterRcnnAttribute { Backbone = 18, Classes = 20 }.Define("Net")));

    [Fact]
    public Task Faster_rcnn_on_vgg16() => Snapshot.Verify(FilesOf(new FasterRcnnAttribute { Vgg = 16, Classes = 20, RoiMethod = RoiMethod.Pool }.Define("Net")));

    [Fact]
    public Task Detector_of_ones_own() => Snapshot.Verify(FilesOf(new DetectorAttribute { Classes = 3, AnchorSizes = [8, 16, 24.5], RegionSize = 6, RpnChannels = 16, GlobalContext = true }.Compose(
        "Net",
        net => net.Input(3, 64, 96)
            .Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu().MaxPool(2)
            .Repeat(2, n => n.Residual(r => r.Conv(8, 3, padding: 1).BatchNorm())),
        roi => roi.Conv(16, 3, stride: 2, padding: 1).BatchNorm().Relu().Flatten().Dense(32).Relu().Dropout(0.5))));

    static IEnumerable<(string Name, string Text)> FilesOf(DetectorDefinition detector)
    {
        var files = Emitter.Emit(new DetectorModel(new("User.Nets", default, "Net"), detector)).ToArray();
        StrictCompiler.Compile([("User.cs", "namespace User.Nets; public partial class Net;"), .. files]);
        return files.Select(file => (file.HintName["User.Nets.".Length..^".cs".Length], file.Source));
    }
}
