namespace ResNet.Dsl.Tests.Detection;

/// <summary>Errors name the property that is wrong, or none where it is the layers.</summary>
public class DetectorErrorTests
{
    public static TheoryData<string, string?, string, FasterRcnnAttribute> Errors => new()
    {
        { "RESNET005", "Backbone", "no backbone", new() { Classes = 20 } },
        { "RESNET005", "Backbone", "no ResNet-20", new() { Backbone = 20, Classes = 20 } },
        { "RESNET005", "Vgg", "no detector on VGG-11", new() { Vgg = 11, Classes = 20 } },
        { "RESNET020", "Vgg", "one backbone", new() { Backbone = 18, Vgg = 16, Classes = 20 } },
        { "RESNET020", "Downsample", "no bottlenecks", new() { Vgg = 16, Classes = 20, Downsample = Downsample.In1x1 } },
        { "RESNET006", "Downsample", "In3x3, In1x1", new() { Backbone = 50, Classes = 20, Downsample = (Downsample)9 } },
        { "RESNET020", "FrozenNormalization", "no batch normalization", new() { Vgg = 16, Classes = 20, FrozenNormalization = false } },
        { "RESNET006", "Classes", "Classes is -1", new() { Backbone = 18, Classes = -1 } },
        { "RESNET006", "ShorterSide", "ShorterSide is 0", new() { Backbone = 18, Classes = 20, ShorterSide = 0 } },
        { "RESNET006", "LongerSide", "between 600", new() { Backbone = 18, Classes = 20, LongerSide = 599 } },
        { "RESNET006", "AnchorSizes", "has 0 values", new() { Backbone = 18, Classes = 20, AnchorSizes = [] } },
        { "RESNET006", "AnchorSizes", "has 65 values", new() { Backbone = 18, Classes = 20, AnchorSizes = new double[65] } },
        { "RESNET006", "AnchorSizes", "is Infinity", new() { Backbone = 18, Classes = 20, AnchorSizes = [double.PositiveInfinity] } },
        { "RESNET006", "AnchorRatios", "has 0 values", new() { Backbone = 18, Classes = 20, AnchorRatios = null! } },
        { "RESNET006", "AnchorRatios", "is 1000", new() { Backbone = 18, Classes = 20, AnchorRatios = [1000] } },
        { "RESNET006", "AnchorRatios", "is NaN", new() { Backbone = 18, Classes = 20, AnchorRatios = [double.NaN] } },
        { "RESNET029", "AnchorSizes", "1000.5×1000.5", new() { Backbone = 18, Classes = 20, AnchorSizes = [1000.5] } },
        { "RESNET006", "RoiMethod", "Align, Pool", new() { Backbone = 18, Classes = 20, RoiMethod = (RoiMethod)9 } },
        { "RESNET006", "RpnChannels", "is 100000", new() { Backbone = 18, Classes = 20, RpnChannels = 100_000 } },
        { "RESNET006", "RegionSize", "is 0", new() { Backbone = 18, Classes = 20, RegionSize = 0 } },
        { "RESNET030", "RegionSize", "13×13", new() { Backbone = 18, Classes = 20, RegionSize = 13 } },
        { "RESNET030", "RegionSize", "larger than the trunk's feature maps, 256×38×63", new() { Backbone = 18, Classes = 20, RegionSize = 39 } },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void A_wrong_option_is_named(string id, string? argument, string words, FasterRcnnAttribute attribute) =>
        Declare.Fails(id, argument, () => attribute.Define("net"), words);

    [Theory]
    [InlineData(38)]
    [InlineData(2)]
    public void The_greatest_and_least_sizes_are_allowed(int size) =>
        Assert.Equal(size, new FasterRcnnAttribute { Backbone = 18, Classes = 20, RegionSize = size, AnchorSizes = [1000] }.Define("net").RegionSize);

    /// <summary>Detectors that no attribute has composed, as a file may hold them.</summary>
    public static TheoryData<string, string, Func<DetectorDefinition, DetectorDefinition>> Broken => new()
    {
        { "RESNET006", "Classes is 0", detector => detector with { Settings = detector.Settings with { Classes = 0 } } },
        { "RESNET006", "Stride is 0", detector => detector with { Settings = detector.Settings with { Stride = 0 } } },
        { "RESNET006", "AnchorSizes has 0", detector => detector with { Settings = detector.Settings with { AnchorSizes = default } } },
        { "RESNET029", "larger than any image", detector => detector with { Settings = detector.Settings with { ShorterSide = 10, LongerSide = 10 } } },
        { "RESNET030", "not a channel for each of 6 anchors", detector => detector with { Settings = detector.Settings with { AnchorRatios = new([1, 2]) } } },
        { "RESNET030", "no vector of 6 logits", detector => detector with { Settings = detector.Settings with { Classes = 5 } } },
        { "RESNET030", "no output \"context_cls_score\"", detector => detector with { Settings = detector.Settings with { GlobalContext = true } } },
        { "RESNET030", "no output \"features\"", detector => detector with { Trunk = detector.Head } },
        { "RESNET030", "no output \"regions\"", detector => detector with { Head = detector.Trunk } },
        { "RESNET030", "no square region of 4 feature maps", detector => detector with { Trunk = Compose(4).Trunk } },
        { "RESNET030", "4 outputs instead of 3", detector => detector with { Trunk = With(detector.Trunk, "more") } },
        { "RESNET030", "4 outputs instead of 3", detector => detector with { Head = With(detector.Head, "more") } },
        { "RESNET015", "\"features\" is taken", detector => detector with { Trunk = With(detector.Trunk, "features") } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_detector_whose_parts_do_not_fit_is_refused(string id, string words, Func<DetectorDefinition, DetectorDefinition> breakIt)
    {
        var detector = Compose(8);
        detector.Validate();
        var error = Assert.Throws<NetworkException>(breakIt(detector).Validate);
        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    static DetectorDefinition Compose(int channels) => new DetectorAttribute { Classes = 3, AnchorSizes = [8, 16, 24], AnchorRatios = [1], RegionSize = 4 }.Compose(
        "net", net => net.Input(3, 32, 48).Conv(channels, 3, stride: 4, padding: 1), roi => roi.GlobalAveragePool());

    static NetworkDefinition With(NetworkDefinition network, string output) =>
        network with { Body = network.Body with { Layers = new([.. network.Body.Layers, new Output(output)]) } };
}
