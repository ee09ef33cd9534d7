using ResNet.Dsl;
using ResNet.Runtime.Weights;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A saved file says which network it is of, and a file that lies is refused.</summary>
public sealed class SavedNetworkTests : IDisposable
{
    static readonly NetworkDefinition[] _everyLayer =
    [
        TestNetworks.Build(3, 12, 12, net => net.Conv(8, 3, padding: 1, dilation: 1, bias: true, initialBias: -6.25).BatchNorm(eps: 1e-3, momentum: 0.2).Relu().Tap("stem")
            .Repeat(2, unit => unit.Residual(r => r.Conv(8, 3, padding: 1, groups: 2).BatchNorm().StochasticDepth(0.3)))
            .Residual(r => r.Conv(12, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.ZeroPad)
            .Sequence(s => s.MaxPool(2).GlobalAveragePool()).Dropout(0.1).Dense(4, bias: false).Output("logits")),
        TestNetworks.Build(3, 12, 12, net => net.Conv(8, 3, padding: 1).Scale().Relu().AveragePool(3, 2, 1)
            .Residual(r => r.Conv(8, 1).BatchNorm(frozen: true), gate => gate.Conv(8, 1).Sigmoid().Scale(-0.1, 1.0 / 3), merge: Merge.Product)
            .Branch("half", b => b.GlobalAveragePool().Dense(2)).Flatten().Branch("logits", b => b.Dense(4))),
    ];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Families => [.. DefinitionsOfFamilies().Select(definition => definition.Name)];

    [Fact]
    public void EveryKindOfLayerComesBack()
    {
        var kinds = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract).Select(type => type.Name);
        Assert.Equal(kinds.Order(), _everyLayer.SelectMany(network => Tree(network.Body)).Select(layer => layer.GetType().Name).Distinct().Order());
        foreach (var network in _everyLayer)
        {
            var architecture = new Architecture(network, Recompute: true);
            Assert.Equal(architecture, ArchitectureJson.Read(ArchitectureJson.Write(architecture)));
            // Frozen iterations are cut off their repeat.
            var frozen = new Architecture(network.WithFrozenNormalization(), Recompute: false);
            Assert.Equal(frozen, ArchitectureJson.Read(ArchitectureJson.Write(frozen)));
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void EveryFamilyComesBack(string name)
    {
        var definition = DefinitionsOfFamilies().Single(definition => definition.Name == name);
        var text = ArchitectureJson.Write(new(definition, Recompute: false));
        Assert.Equal(definition, ArchitectureJson.Read(text).Network);
        // Repeats stay repeats.
        Assert.InRange(text.Length, 500, 30_000);
    }

    [Fact]
    public void ABiasWithoutAnInitialValueBeginsAtZero() => Assert.Equal(
        new Conv2d("conv1", 4, 3, Bias: true),
        Assert.Single(ArchitectureJson.Read(Net(Conv.Replace("\"bias\":false", "\"bias\":true", StringComparison.Ordinal))).Network.Body.Layers));

    [Fact]
    public void AFrozenPartOfARepeatComesBack()
    {
        var definition = new CifarResNetAttribute { Depth = 44 }.Define("frozen").WithFrozenNormalization("layer2.3");
        Assert.Equal(definition, ArchitectureJson.Read(ArchitectureJson.Write(new(definition, Recompute: false))).Network);
    }

    [Fact]
    public void AFileIsOpenedWithoutItsClass()
    {
        using var net = Network.Create(_everyLayer[0]);
        new HeInitializer(3).Initialize(net.Parameters);
        net.Labels = ["a", "b", "c", "d"];
        net.Preprocessing = new(14, 12, 12) { Mean = [0.25f, 0.5f, 0.75f], PixelMean = new(12, 12, new float[3 * 12 * 12]) };
        net.Metrics = new Dictionary<string, double> { ["epoch"] = 7, ["top1"] = 1.0 / 3 };
        net.Save(_folder.File("net.safetensors"));

        using var opened = Network.Open(_folder.File("net.safetensors"));
        Assert.Equal(net.Definition, opened.Definition);
        Assert.Equal(net.Labels, opened.Labels);
        Assert.Equal(net.Preprocessing.ToString(), opened.Preprocessing.ToString());
        Assert.Equal(net.Metrics, opened.Metrics);
        var image = new Tensor(TestNetworks.Pattern(3 * 12 * 12), 1, 3, 12, 12);
        Assert.Equal(net.Predict(image).Data, opened.Predict(image).Data);
    }

    [Fact]
    public void OfAFoldersWeightsTheBestAreOpened()
    {
        foreach (var (name, seed) in new[] { ("last", 1ul), ("best", 2ul) })
        {
            using var net = new Cifar20 { Metrics = new Dictionary<string, double> { ["seed"] = seed } };
            net.Save(_folder.File($"{name}.safetensors"));
        }
        using (var opened = Network.Open(_folder.Path)) Assert.Equal(2, opened.Metrics["seed"]);
        File.Delete(_folder.File("best.safetensors"));
        using (var opened = Network.Open(_folder.Path)) Assert.Equal(1, opened.Metrics["seed"]);
        File.Delete(_folder.File("last.safetensors"));
        Assert.Contains("expected best.safetensors or last.safetensors", Assert.Throws<WeightsException>(() => Network.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAnArchitectureTheErrorSaysWhatToDo()
    {
        WeightFile.Save(_folder.File("bare.safetensors"), [new WeightTensor("x", [1], new float[1])]);
        var error = Assert.Throws<WeightsException>(() => Network.Open(_folder.File("bare.safetensors")));
        Assert.Contains("bare.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("name the model, or load them into a network of that class", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "no JSON", "{" },
        { "null", "null" },
        { "another type", """{"network":7,"recompute":false}""" },
        { "no body", """{"network":{"name":"x","input":{"channels":3,"height":8,"width":8}},"recompute":false}""" },
        { "null body", """{"network":{"name":"x","input":{"channels":3,"height":8,"width":8},"body":null},"recompute":false}""" },
        { "no name", Net("""{"kind":"relu"}""") },
        { "a null layer", Net("null") },
        { "an unknown kind", Net("""{"kind":"lstm","name":"x"}""") },
        { "no kind", Net("""{"name":"x"}""") },
        { "an unknown value", Net("""{"kind":"relu","name":"x","slope":0.1}""") },
        { "text for a number", Net(Conv.Replace("\"kernel\":3", "\"kernel\":\"3\"", StringComparison.Ordinal)) },
        { "a number beyond integers", Net(Conv.Replace("\"channels\":4", "\"channels\":4e9", StringComparison.Ordinal)) },
        { "too many channels", Net(Conv.Replace("\"channels\":4", "\"channels\":1000000000", StringComparison.Ordinal)) },
        { "a negative stride", Net(Conv.Replace("\"stride\":1", "\"stride\":-1", StringComparison.Ordinal)) },
        { "an infinite bias", Net(Conv.Replace("\"bias\":false", "\"bias\":true,\"initialBias\":1e300", StringComparison.Ordinal)) },
        { "the value of no bias", Net(Conv.Replace("\"bias\":false", "\"bias\":false,\"initialBias\":-6", StringComparison.Ordinal)) },
        { "a kernel that does not fit", Net(Conv.Replace("\"kernel\":3", "\"kernel\":9", StringComparison.Ordinal)) },
        { "a billion iterations", Net(Repeat(1_000_000_000, Relu)) },
        { "nested repeats", Net(Repeat(10_000, Repeat(10_000, Repeat(10_000, Relu)))) },
        { "nested repeats of nothing", Net(Repeat(10_000, Repeat(10_000, Repeat(10_000, "")))) },
        { "a repeat that changes its shape", Net(Repeat(2, Conv)) },
        { "two layers of one name", Net($"{Conv.Replace("\"padding\":0", "\"padding\":1", StringComparison.Ordinal)},{Conv}") },
        { "a bad name", Net(Conv.Replace("\"conv1\"", "\"a/b\"", StringComparison.Ordinal)) },
        { "a name without end", Net(Conv.Replace("conv1", new string('x', 100_000), StringComparison.Ordinal)) },
        { "no layers", Net("") },
        { "an input of nothing", Net(Relu).Replace("\"height\":8", "\"height\":0", StringComparison.Ordinal) },
        { "a vast input", Net(Relu).Replace("\"height\":8", "\"height\":1000000000", StringComparison.Ordinal) },
        { "no number", Net("""{"kind":"batchNorm","name":"bn1","epsilon":-1,"momentum":0.1,"frozen":false}""") },
        { "a certain drop", Net("""{"kind":"stochasticDepth","name":"drop","rate":1}""") },
        { "a certain dropout", Net("""{"kind":"dropout","name":"dropout","rate":1}""") },
        { "an infinite scale", Net("""{"kind":"scale","name":"scale","constants":{"factor":1e300,"shift":0}}""") },
        { "padding that shrinks", Net("""{"kind":"zeroPad","name":"pad","channels":2,"stride":0}""") },
        { "branches that differ", Net($$"""{"kind":"residual","name":"block1","main":{"name":"","layers":[{{Conv}}]},"shortcut":{"name":"","layers":[]},"activation":{"name":"","layers":[]},"merge":"Sum"}""") },
        { "an unknown merge", Net("""{"kind":"residual","name":"block1","main":{"name":"","layers":[]},"shortcut":{"name":"","layers":[]},"activation":{"name":"","layers":[]},"merge":9}""") },
        { "deep nesting", Net(string.Concat(Enumerable.Repeat("""{"kind":"sequence","name":"","layers":[""", 100_000))) },
        { "deep nesting, closed", Net(Nested(20_000)) },
    };

    [Theory, MemberData(nameof(Lies))]
    public void ALieIsRefusedAndTheFileNamed(string lie, string architecture)
    {
        Assert.NotEmpty(lie);
        WeightFile.Save(_folder.File("lie.safetensors"), [new WeightTensor("x", [1], new float[1])], new Dictionary<string, string> { ["architecture"] = architecture });
        var error = Assert.Throws<WeightsException>(() => Network.Open(_folder.File("lie.safetensors")));
        Assert.Contains("lie.safetensors: its metadata \"architecture\" cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOfAnotherNetworkAreRefusedBeforeMemoryIsTaken()
    {
        // 8 GB of weights, of which the file has none.
        var layers = string.Join(',', Enumerable.Range(0, 4).Select(i => $$"""{"kind":"conv","name":"conv{{i}}","channels":16384,"kernel":1,"stride":1,"padding":0,"dilation":1,"groups":1,"bias":false}"""));
        WeightFile.Save(_folder.File("vast.safetensors"), [new WeightTensor("x", [1], new float[1])], new Dictionary<string, string> { ["architecture"] = Net(layers) });
        var before = GC.GetTotalAllocatedBytes();
        Assert.Throws<WeightsException>(() => Network.Open(_folder.File("vast.safetensors")));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50_000_000);
    }

    [Theory, InlineData("[]"), InlineData("null"), InlineData("""{"top1":"high"}"""), InlineData("""{"top1":1e999}""")]
    public void MetricsThatAreNoneAreRefused(string metrics)
    {
        using var net = new Cifar20();
        net.Save(_folder.File("net.safetensors"), [], new() { ["metrics"] = metrics });
        Assert.Contains("its metadata \"metrics\" cannot be read", Assert.Throws<WeightsException>(() => Network.Open(_folder.File("net.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => net.Metrics = new Dictionary<string, double> { ["top1"] = double.NaN });
    }

    const string Relu = """{"kind":"relu","name":"relu"}""";
    const string Conv = """{"kind":"conv","name":"conv1","channels":4,"kernel":3,"stride":1,"padding":0,"dilation":1,"groups":1,"bias":false}""";

    static string Net(string layers) =>
        """{"network":{"name":"x","input":{"channels":3,"height":8,"width":8},"body":{"name":"","layers":[""" + layers + """]}},"recompute":false}""";

    static string Repeat(int count, string layers) =>
        $$"""{"kind":"repeat","name":"layer1","body":{"name":"","layers":[{{layers}}]},"count":{{count}},"first":0}""";

    static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("""{"kind":"sequence","name":"","layers":[""", depth)) + Relu + string.Concat(Enumerable.Repeat("]}", depth));

    static IEnumerable<NetworkDefinition> DefinitionsOfFamilies()
    {
        foreach (var depth in new[] { 18, 34, 50, 101, 152 })
        {
            yield return new ResNetAttribute { Depth = depth }.Define($"ResNet{depth}");
            yield return new ResNetAttribute { Depth = depth, Unit = Unit.PreActivation }.Define($"PreAct{depth}");
        }
        foreach (var depth in new[] { 20, 56, 1202 }) yield return new CifarResNetAttribute { Depth = depth }.Define($"Cifar{depth}");
        yield return new CifarResNetAttribute { Depth = 110, Plain = true }.Define("Plain110");
        foreach (var depth in new[] { 110, 164, 1001 }) yield return new CifarResNetAttribute { Depth = depth, Unit = Unit.PreActivation }.Define($"CifarPreAct{depth}");
        yield return new ResNetAttribute { Depth = 50, Groups = 32, WidthPerGroup = 4 }.Define("ResNeXt50");
        yield return new ResNetAttribute { Depth = 101, WidthPerGroup = 128, Downsample = Downsample.In1x1 }.Define("Wide101");
        foreach (var shortcut in Enum.GetValues<Shortcut>().Where(shortcut => shortcut != Shortcut.Identity))
            yield return new CifarResNetAttribute { Depth = 110, Shortcut = shortcut }.Define($"{shortcut}");
        yield return new CifarWideResNetAttribute { Depth = 28, Width = 10, Dropout = 0.3 }.Define("Wide28x10");
        foreach (var unit in Enum.GetValues<Unit>())
            yield return new CifarResNetAttribute { Depth = 38, Block = Block.Bottleneck, Unit = unit, Shortcut = Shortcut.ProjectionAlways, ImageHeight = 24, ImageWidth = 40 }.Define($"{unit}");
    }

    static IEnumerable<Layer> Tree(Layer layer) => layer switch
    {
        Sequence sequence => sequence.Layers.SelectMany(Tree).Prepend(sequence),
        Repeat repeat => Tree(repeat.Body).Prepend(repeat),
        Residual residual => new[] { residual.Main, residual.Shortcut, residual.Activation }.SelectMany(Tree).Prepend(residual),
        Branch branch => Tree(branch.Content).Prepend(branch),
        _ => [layer],
    };
}
