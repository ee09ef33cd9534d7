namespace ResNet.Generators.Tests.Diagnostics;

/// <summary>An error of a detector stands under the wrong option, call or method.</summary>
public class DetectorErrorTests
{
    const string Features = "static void Features(NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 3, stride: 4, padding: 1).Relu();";
    const string Regions = "static void Regions(NetworkBuilder roi) => roi.GlobalAveragePool();";

    [Theory]
    [InlineData("RESNET005", "Backbone is one of 18, 34, 50, 101, 152", "[|Backbone = 51|], Classes = 20")]
    [InlineData("RESNET005", "no ResNet-0", "[|Backbone = 0|], Classes = 20")]
    [InlineData("RESNET005", "Vgg is 16", "[|Vgg = 19|], Classes = 20")]
    [InlineData("RESNET020", "leave out either Backbone or Vgg", "Backbone = 50, [|Vgg = 16|], Classes = 20")]
    [InlineData("RESNET020", "bottlenecks", "Backbone = 34, [|Downsample = Downsample.In1x1|], Classes = 20")]
    [InlineData("RESNET020", "leave out Downsample", "Vgg = 16, [|Downsample = Downsample.In1x1|], Classes = 20")]
    [InlineData("RESNET020", "leave out FrozenNormalization", "Vgg = 16, [|FrozenNormalization = false|], Classes = 20")]
    [InlineData("RESNET006", "Classes is 0", "Backbone = 18, [|Classes = 0|]")]
    [InlineData("RESNET006", "Classes is 100000", "Backbone = 18, [|Classes = 100_000|]")]
    [InlineData("RESNET006", "ShorterSide is 0", "Backbone = 18, Classes = 20, [|ShorterSide = 0|]")]
    [InlineData("RESNET006", "LongerSide is 500, which is not between 600", "Backbone = 18, Classes = 20, [|LongerSide = 500|]")]
    [InlineData("RESNET006", "LongerSide is 20000", "Backbone = 18, Classes = 20, [|LongerSide = 20_000|]")]
    [InlineData("RESNET006", "RegionSize is -2", "Backbone = 18, Classes = 20, [|RegionSize = -2|]")]
    [InlineData("RESNET006", "RpnChannels is -1", "Backbone = 18, Classes = 20, [|RpnChannels = -1|]")]
    [InlineData("RESNET006", "none of Align, Pool", "Backbone = 18, Classes = 20, [|RoiMethod = (RoiMethod)2|]")]
    [InlineData("RESNET030", "cannot be halved", "Backbone = 18, Classes = 20, [|RegionSize = 7|]")]
    [InlineData("RESNET030", "larger than the trunk's feature maps, 256×38×63", "Backbone = 18, Classes = 20, [|RegionSize = 40|]")]
    [InlineData("RESNET030", "larger than the trunk's feature maps, 512×10×10", "Vgg = 16, [|RegionSize = 14|], Classes = 20, ShorterSide = 160, LongerSide = 160, AnchorSizes = new[] { 32.0 }")]
    [InlineData("RESNET029", "512×512 is larger than any image", "Backbone = 18, Classes = 20, ShorterSide = 300, LongerSide = 400, [|AnchorSizes = new double[] { 64, 512 }|]")]
    [InlineData("RESNET006", "AnchorSizes has 0 values", "Backbone = 18, Classes = 20, [|AnchorSizes = new double[0]|]")]
    [InlineData("RESNET006", "AnchorSizes has 0 values", "Backbone = 18, Classes = 20, [|AnchorSizes = null|]")]
    [InlineData("RESNET006", "AnchorRatios has 0 values", "Backbone = 18, Classes = 20, [|AnchorRatios = []|]")]
    [InlineData("RESNET006", "AnchorSizes is -32", "Backbone = 18, Classes = 20, [|AnchorSizes = [64, -32]|]")]
    [InlineData("RESNET006", "AnchorSizes is NaN", "Backbone = 18, Classes = 20, [|AnchorSizes = new[] { double.NaN }|]")]
    [InlineData("RESNET006", "AnchorRatios is 0", "Backbone = 18, Classes = 20, [|AnchorRatios = new double[] { 1, 0 }|]")]
    public void A_wrong_option_is_marked(string id, string text, string options) =>
        MarkedSource.Yields($"{Source.Usings}[FasterRcnn({options})] partial class Net;", id, text);

    /// <summary>An option that is not written cannot be marked.</summary>
    [Theory]
    [InlineData("RESNET005", "no backbone; give a Backbone", "FasterRcnn")]
    [InlineData("RESNET005", "no backbone", "FasterRcnn(Classes = 20)")]
    [InlineData("RESNET006", "Classes is 0", "FasterRcnn(Backbone = 18)")]
    [InlineData("RESNET029", "128×128 is larger than any image", "FasterRcnn(Backbone = 18, Classes = 20, ShorterSide = 100, LongerSide = 100)")]
    [InlineData("RESNET030", "Regions of 14×14 are larger", "FasterRcnn(Backbone = 18, Classes = 20, ShorterSide = 100, LongerSide = 1000)")]
    [InlineData("RESNET030", "no regions can be told apart", "FasterRcnn(Backbone = 18, Classes = 20, ShorterSide = 16, LongerSide = 1000)")]
    [InlineData("RESNET008", "stride of 2", "FasterRcnn(Backbone = 18, Classes = 20, ShorterSide = 4, LongerSide = 1000)")]
    public void A_missing_option_is_marked_at_the_attribute(string id, string text, string attribute) =>
        MarkedSource.Yields($"{Source.Usings}[[|{attribute}|]] partial class Net;", id, text);

    [Theory]
    [InlineData("RESNET030", "no stride", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 3).GlobalAveragePool();")]
    [InlineData("RESNET030", "no stride", "static void [|Features|](NetworkBuilder net) => net.Input(3, 8, 8).Conv(8, 3).Flatten();")]
    [InlineData("RESNET030", "no stride", "static void [|Features|](NetworkBuilder net) => net.Input(3, 8, 8).Conv(8, 3).Residual(r => r.Sequence(s => s.GlobalAveragePool().Dense(4)), p => p.GlobalAveragePool().Dense(4));")]
    [InlineData("RESNET030", "strides of 2 and 3", "static void [|Features|](NetworkBuilder net) => net.Input(3, 8, 8).Residual(r => r.Conv(8, 2, stride: 2), s => s.Conv(8, 2, stride: 3, padding: 2));")]
    [InlineData("RESNET030", "more than 16384", "static void [|Features|](NetworkBuilder net) { net.Input(3, 64, 96); for (var i = 0; i < 2; i++) net.Conv(8, 1, stride: 200, padding: 300); }")]
    [InlineData("RESNET030", "no regions can be told apart", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 64, stride: 8);")]
    [InlineData("RESNET014", "no layers", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96);")]
    [InlineData("RESNET012", "no input", "static void [|Features|](NetworkBuilder net) { }")]
    [InlineData("RESNET007", "kernel", "static void Features(NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, [|99|]);")]
    [InlineData("RESNET015", "the output \"mine\"", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 1).Output(\"mine\").Relu();")]
    [InlineData("RESNET015", "the output \"output\"", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 1).Output(\"output\");")]
    [InlineData("RESNET015", "the output \"side\"", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 1).Branch(\"side\", b => b.Relu()).Relu();")]
    [InlineData("RESNET015", "\"rpn.conv\" is taken", "static void [|Features|](NetworkBuilder net) => net.Input(3, 64, 96).Conv(8, 1, name: \"rpn.conv\");")]
    [InlineData("RESNET016", "cannot be evaluated", "static void Features(NetworkBuilder net) => net.Input(3, [|Environment.ProcessorCount|], 96).Conv(8, 1);")]
    public void Wrong_Features_are_marked(string id, string text, string features) => Yields(id, text, features, Regions, "AnchorSizes = [8], RegionSize = 4");

    [Theory]
    [InlineData("RESNET011", "end with GlobalAveragePool() or Flatten()", "static void [|Regions|](NetworkBuilder roi) => roi.Conv(16, 3, stride: 2, padding: 1);")]
    [InlineData("RESNET011", "of 8×8×8", "static void [|Regions|](NetworkBuilder roi) { }")]
    [InlineData("RESNET013", "takes its input from the network around it", "static void Regions(NetworkBuilder roi) => roi.[|Input|](8, 8, 8).GlobalAveragePool();")]
    [InlineData("RESNET011", "GlobalAveragePool()", "static void Regions(NetworkBuilder roi) => roi.[|Dense|](10);")]
    [InlineData("RESNET007", "kernel", "static void Regions(NetworkBuilder roi) => roi.Conv(8, [|9|]).GlobalAveragePool();")]
    [InlineData("RESNET015", "the output \"mine\"", "static void [|Regions|](NetworkBuilder roi) => roi.GlobalAveragePool().Output(\"mine\");")]
    [InlineData("RESNET015", "\"regions\" is taken", "static void Regions(NetworkBuilder roi) => roi.Output([|\"regions\"|]).GlobalAveragePool();")]
    public void Wrong_Regions_are_marked(string id, string text, string regions) => Yields(id, text, Features, regions, "AnchorSizes = [8], RegionSize = 8");

    [Fact]
    public void A_parameter_of_both_networks_is_an_error() => Yields("RESNET015", "\"head.conv1.weight\"",
        Features.Replace("padding: 1", "padding: 1, name: \"head.conv1\"", StringComparison.Ordinal),
        "static void [|Regions|](NetworkBuilder roi) => roi.Conv(8, 1).GlobalAveragePool();", "AnchorSizes = [8], RegionSize = 8");

    [Theory]
    [InlineData("RESNET029", "any image, whose sides have at most 96", "AnchorSizes = [8, 100]")]
    [InlineData("RESNET030", "larger than the trunk's feature maps, 8×16×24", "RegionSize = 17")]
    [InlineData("RESNET006", "ShorterSide is -1", "ShorterSide = -1")]
    [InlineData("RESNET006", "LongerSide is 60, which is not between 64", "LongerSide = 60")]
    public void An_option_that_does_not_fit_the_networks_is_marked(string id, string text, string option) =>
        MarkedSource.Yields($"{Source.Usings}[Detector(Classes = 3, {(option.StartsWith("Anchor", StringComparison.Ordinal) ? "" : "AnchorSizes = [8], ")}[|{option}|])] partial class Net {{ {Features} {Regions} }}", id, text);

    [Theory]
    [InlineData("'Net' has no method Features", "partial class [|Net|] { }")]
    [InlineData("'static void Regions(NetworkBuilder net)'", "partial class [|Net|] { static void Features(NetworkBuilder net) { } }")]
    [InlineData("'Features' is not static", "partial class Net { void [|Features|](NetworkBuilder net) { } static void Regions(NetworkBuilder roi) { } }")]
    [InlineData("'Regions' returns a value", "partial class Net { static void Features(NetworkBuilder net) { } static NetworkBuilder [|Regions|](NetworkBuilder roi) => roi; }")]
    [InlineData("'Regions' does not take a NetworkBuilder alone", "partial class Net { static void Features(NetworkBuilder net) { } static void [|Regions|](NetworkBuilder roi, int size) { } }")]
    public void A_method_of_another_form_is_marked(string text, string source) =>
        MarkedSource.Yields($"{Source.Usings}[Detector(Classes = 3)] {source}", "RESNET021", text);

    [Theory]
    [InlineData("RESNET001", "'partial class Net'", "class [|Net|];")]
    [InlineData("RESNET003", "type parameters", "partial class [|Net|]<T>;")]
    [InlineData("RESNET004", "derives from ResNet.Runtime.Detector", "abstract partial class [|Net|];")]
    [InlineData("RESNET022", "derive from ResNet.Runtime.Detector", "partial class Net : [|Other|]; class Other;")]
    [InlineData("RESNET022", "'Net' derives from 'Network'", "partial class Net : [|ResNet.Runtime.Network|] { public override NetworkDefinition Definition => null!; }")]
    [InlineData("RESNET026", "'TrunkNetwork'", "partial class Net { int [|TrunkNetwork|] => 1; }")]
    [InlineData("RESNET026", "'HeadNetwork'", "partial class Net { class [|HeadNetwork|]; }")]
    [InlineData("RESNET026", "'ClassCount'", "partial class Net { const int [|ClassCount|] = 1; }")]
    [InlineData("RESNET026", "'TrunkNetwork'", "partial class [|TrunkNetwork|];")]
    [InlineData("RESNET024", "by [FasterRcnn]", "[[|ResNet(Depth = 18)|]] partial class Net;")]
    [InlineData("RESNET024", "by [FasterRcnn]", "[[|Detector(Classes = 3)|]] partial class Net;")]
    public void A_wrong_form_is_an_error(string id, string text, string source) =>
        MarkedSource.Yields($"{Source.Usings}[FasterRcnn(Backbone = 18, Classes = 20)] {source}", id, text);

    /// <summary>Names that a network's compiled half takes are free in a detector, where they are its nested networks' own.</summary>
    [Fact]
    public void Names_of_a_network_are_free() =>
        Assert.Empty(Generation.Of(Source.Usings + "[FasterRcnn(Backbone = 18, Classes = 20)] partial class Net { int InputWidth => 1; void Infer() { } }").Diagnostics);

    [Fact]
    public void A_detector_has_no_budget() => Assert.IsType<Model.DetectorModel>(Assert.Single(MarkedSource.Marks(
        $"{Source.Usings}[FasterRcnn(Backbone = 18, Classes = 20), [|Budget(Parameters = 1)|]] partial class Net;", "RESNET028", "'Net' has a budget").Models));

    [Fact]
    public void What_the_compiler_reports_itself_is_not_reported_twice() => Assert.Empty(Generation.Of(Source.Usings + $$"""
        [FasterRcnn(Backbone = Undefined, Classes = 20)] partial class A;
        [FasterRcnn(Backbone = 18, Classes = 20, AnchorSizes = new double[] { 32, undefined })] partial class B;
        [FasterRcnn(Backbone = 18, Classes = 20, AnchorSizes = 32)] partial class C;
        [FasterRcnn(Backbone = 18, Classes = 20)] [FasterRcnn(Backbone = 34, Classes = 20)] partial class D;
        [Detector(Classes = 3)] partial class E { static void Features(NetworkBuilder net) => net.Cnov(1); {{Regions}} }
        [Detector(Classes = 3, AnchorSizes = new[] { 8.0 })] partial class F { {{Features}} static void Regions(NetworkBuilder roi) => roi.Dense(undefined); }
        """).Diagnostics);

    static void Yields(string id, string text, string features, string regions, string options) =>
        MarkedSource.Yields($"{Source.Usings}[Detector(Classes = 3, {options})] partial class Net {{ {features} {regions} }}", id, text);
}
