using ResNet.Dsl;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>A compiled detector computes the bits of one that is planned at run time.</summary>
public class CompiledDetectorTests
{
    public static TheoryData<string> Names => ["residual", "vgg", "own"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_definition_is_the_declared_one(string name)
    {
        using var compiled = Compiled(name);
        Assert.Equal(name switch
        {
            "residual" => new FasterRcnnAttribute { Backbone = 18, Classes = 3, ShorterSide = 96, LongerSide = 128, AnchorSizes = [16, 32.5], RegionSize = 6 }.Define(nameof(CompiledResidualDetector)),
            "vgg" => new FasterRcnnAttribute { Vgg = 16, Classes = 2, ShorterSide = 64, LongerSide = 64, AnchorSizes = [32], RegionSize = 2, RoiMethod = RoiMethod.Pool }.Define(nameof(CompiledVggDetector)),
            _ => new DetectorAttribute { Classes = 3, AnchorSizes = [8, 16], AnchorRatios = [1], RegionSize = 6, GlobalContext = true, PerClassProposals = true }.Compose(nameof(CompiledOwnDetector), CompiledOwnDetector.DeclareFeatures, CompiledOwnDetector.DeclareRegions),
        }, compiled.Definition);
        compiled.Definition.Validate();
        var (classes, parameters) = name switch
        {
            "residual" => (CompiledResidualDetector.ClassCount, CompiledResidualDetector.ParameterCount),
            "vgg" => (CompiledVggDetector.ClassCount, CompiledVggDetector.ParameterCount),
            _ => (CompiledOwnDetector.ClassCount, CompiledOwnDetector.ParameterCount),
        };
        Assert.Equal(compiled.Labels.Count, classes);
        Assert.Equal(NetworkSummary.Of(compiled.Definition.Trunk).Parameters + NetworkSummary.Of(compiled.Definition.Head).Parameters, parameters);
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("own")]
    public void It_computes_the_bits_of_a_planned_one(string name)
    {
        using var compiled = Compiled(name);
        using var planned = Detector.Create(compiled.Definition);
        var random = new Random(3);
        foreach (var (width, height) in new[] { (72, 64), (64, 72) })
        {
            var (a, b) = (Outputs(compiled, width, height), Outputs(planned, width, height));
            Assert.Equal(3, a.Count);
            Assert.All(a, output => Assert.Equal(output.Value, b[output.Key]));
        }
        var pixels = new byte[72 * 64 * 3];
        random.NextBytes(pixels);
        var picture = new Image(72, 64, pixels);
        var found = compiled.Detect(picture, threshold: 0);
        Assert.NotEmpty(found);
        Assert.Equal(found, planned.Detect(picture, threshold: 0));

        TrainingScene[] scenes = [.. Enumerable.Range(0, 2).Select(_ => new TrainingScene(72, 64, [.. Enumerable.Range(0, 3 * 72 * 64).Select(_ => random.NextSingle())], [new(1, new(8, 8, 40, 44))]))];
        using var fromCompiled = new DetectorGradients(compiled, new());
        using var fromPlanned = new DetectorGradients(planned, new());
        Assert.Equal(fromPlanned.Run(scenes, step: 1), fromCompiled.Run(scenes, step: 1));
        Assert.Contains(fromCompiled.Trunk, value => value != 0);
        Assert.Contains(fromCompiled.Head, value => value != 0);
        Assert.Equal(fromPlanned.Trunk, fromCompiled.Trunk);
        Assert.Equal(fromPlanned.Head, fromCompiled.Head);
    }

    static Dictionary<string, float[]> Outputs(Detector detector, int width, int height)
    {
        var random = new Random(5);
        float[] image = [.. Enumerable.Range(0, 3 * width * height).Select(_ => random.NextSingle())];
        return detector.Trunk.WithInputSize(height, width).PredictAll(new(image, 1, 3, height, width)).ToDictionary(output => output.Key, output => output.Value.Data.ToArray());
    }

    static Detector Compiled(string name) => name switch
    {
        "residual" => new CompiledResidualDetector(),
        "vgg" => new CompiledVggDetector(),
        _ => new CompiledOwnDetector(),
    };
}

[FasterRcnn(Backbone = 18, Classes = 3, ShorterSide = 96, LongerSide = 128, AnchorSizes = new[] { 16, 32.5 }, RegionSize = 6)]
sealed partial class CompiledResidualDetector;

[FasterRcnn(Vgg = 16, Classes = 2, ShorterSide = 64, LongerSide = 64, AnchorSizes = new double[] { 32 }, RegionSize = 2, RoiMethod = RoiMethod.Pool)]
sealed partial class CompiledVggDetector;

[Detector(Classes = 3, AnchorSizes = new double[] { 8, 16 }, AnchorRatios = new double[] { 1 }, RegionSize = 6, GlobalContext = true, PerClassProposals = true)]
sealed partial class CompiledOwnDetector
{
    static void Features(NetworkBuilder net)
    {
        net.Input(3, 64, 80).Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu();
        for (var i = 0; i < 2; i++) Unit(net, 8 << i, stride: 1 + i);
    }

    static void Regions(NetworkBuilder roi)
    {
        Unit(roi, 32, stride: 2);
        roi.GlobalAveragePool().Dropout(0.25);
    }

    static void Unit(NetworkBuilder net, int channels, int stride) =>
        net.Residual(r => r.Conv(channels, 3, stride, padding: 1).BatchNorm().Relu().Conv(channels, 3, padding: 1).BatchNorm(), Shortcut.Projection);

    public static Action<NetworkBuilder> DeclareFeatures => Features;

    public static Action<NetworkBuilder> DeclareRegions => Regions;
}
