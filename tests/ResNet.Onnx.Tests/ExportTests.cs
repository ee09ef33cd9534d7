using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Zoo;

namespace ResNet.Onnx.Tests;

/// <summary>ONNX Runtime computes what the network computes, and so does the network that is made of the model.</summary>
public sealed class ExportTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Families =>
    [
        "resnet18", "resnet50", "resnet18d", "resnext50_32x4d", "plain18", "preact-resnet18", "vgg11", "vgg11_bn", "cifar-resnet20", "cifar-plain20", "cifar-preact-resnet110",
        "wide_resnet50_2", "cifar-wide16-8",
    ];

    [Theory]
    [MemberData(nameof(Families))]
    public void Of_every_family(string name)
    {
        var model = Models.Find(name);
        using var network = model.Create(classes: 7, inputSize: (32, 32));
        Compare(network);
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        stream.Position = 0;
        using var back = Network.FromOnnx(stream);
        Assert.Equal(network.Parameters.Tensors.Select(tensor => tensor.Name), back.Parameters.Tensors.Select(tensor => tensor.Name));
        var images = OnnxRuntime.Images(network, 2);
        ImportTests.Close(network.Predict(images).Data.ToArray(), back.Predict(images).Data.ToArray());
    }

    [Theory]
    [InlineData(Unit.Original)]
    [InlineData(Unit.PreActivation)]
    [InlineData(Unit.BatchNormAfterAddition)]
    [InlineData(Unit.ReluBeforeAddition)]
    [InlineData(Unit.ReluOnlyPreActivation)]
    public void Of_every_unit(Unit unit) => Compare(new CifarResNetAttribute { Depth = 20, Unit = unit, ImageSize = 16 });

    [Theory]
    [InlineData(Shortcut.ZeroPad)]
    [InlineData(Shortcut.Projection)]
    [InlineData(Shortcut.ProjectionAlways)]
    [InlineData(Shortcut.AveragedProjection)]
    [InlineData(Shortcut.ConstantScaling)]
    [InlineData(Shortcut.FrozenGating)]
    [InlineData(Shortcut.ExclusiveGating)]
    [InlineData(Shortcut.ShortcutOnlyGating)]
    [InlineData(Shortcut.Dropout)]
    public void Of_every_shortcut(Shortcut shortcut) => Compare(new CifarResNetAttribute { Depth = 20, Shortcut = shortcut, ImageSize = 16, StochasticDepth = 0 });

    /// <summary>All layers, outputs inside and aside, vectors that are maps and maps that are vectors.</summary>
    [Fact]
    public void Of_a_network_of_ones_own()
    {
        using var network = Network.Create(new NetworkBuilder().Input(2, 13, 11)
            .Conv(12, 3, stride: 2, padding: 2, dilation: 2, groups: 2, bias: true).Scale("gain").Sigmoid().AveragePool(3, 1, 1).Output("middle")
            .Branch("side", b => b.GlobalAveragePool().BatchNorm().Dense(3))
            .MaxPool(3, 2, 1).Scale(0.5, 0.25).Tap("here").StochasticDepth(0.3)
            .Residual(r => r.Conv(12, 1).BatchNorm(frozen: true), x => x.Dropout(0.5), merge: Merge.Product)
            .GlobalAveragePool().Residual(r => r.Dense(12), activation: Activation.None).Conv(9, 1).Relu().Dense(5, bias: false).Build("Own"));
        Compare(network);
    }

    /// <summary>The last row and column are left over by windows of two.</summary>
    [Fact]
    public void Of_poolings_that_reach_beyond_the_input()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 9, 7).Conv(4, 1).AveragePool(2, 2, ceilMode: true).GlobalAveragePool().Dense(5).Build("Ceil"));
        Compare(network);
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        stream.Position = 0;
        using var back = Network.FromOnnx(stream);
        Assert.Equal(network.Definition.Layers().Select(layer => layer.Output), back.Definition.Layers().Select(layer => layer.Output));
    }

    [Fact]
    public void Of_a_network_that_flattens()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 6).Conv(4, 3).Flatten().BatchNorm().Dense(5).Build("Flat"));
        Compare(network);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(18)]
    [InlineData(21)]
    public void In_every_operator_set(int opset)
    {
        using var network = Network.Create(new CifarResNetAttribute { Depth = 20, ImageSize = 16 }.Define("Net"));
        Compare(network, new() { Opset = opset, DynamicBatch = true });
    }

    [Fact]
    public void One_image_or_any_number_of_them()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 6).Conv(4, 3).GlobalAveragePool().Dense(5).Build("Batch"));
        using var one = OnnxRuntime.Open(network);
        Assert.Equal([1, 3, 8, 6], one.InputMetadata["input"].Dimensions);
        Assert.Equal([1, 5], one.OutputMetadata["output"].Dimensions);
        using var any = OnnxRuntime.Open(network, new() { DynamicBatch = true });
        Assert.Equal([-1, 3, 8, 6], any.InputMetadata["input"].Dimensions);
        Assert.Equal("batch", any.InputMetadata["input"].SymbolicDimensions[0]);
    }

    [Fact]
    public void The_metadata_has_classes_and_preprocessing()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).GlobalAveragePool().Dense(2).Build("Labelled"));
        network.Labels = ["cat", "dog, or hot dog"];
        network.Preprocessing = new Preprocessing(9, 8, 8) { Mean = [0.5f, 0.25f, 0.125f], Deviation = [1, 2, 4] };
        using var session = OnnxRuntime.Open(network);
        Assert.Equal("Labelled", session.ModelMetadata.GraphName);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("cat\ndog, or hot dog", metadata["labels"]);
        Assert.Equal("""{"resize":9,"height":8,"width":8,"mean":[0.5,0.25,0.125],"deviation":[1,2,4]}""", metadata["preprocessing"]);
    }

    [Fact]
    public void Names_that_a_network_does_not_have_are_not_made_up()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).GlobalAveragePool().Dense(2).Build("Nameless"));
        using var session = OnnxRuntime.Open(network);
        Assert.DoesNotContain("labels", session.ModelMetadata.CustomMetadataMap.Keys);
    }

    [Fact]
    public void A_file_appears_whole_or_not_at_all()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).GlobalAveragePool().Dense(2).Build("Net"));
        network.SaveOnnx(_folder.File("net.onnx"));
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        Assert.Equal(stream.ToArray(), File.ReadAllBytes(_folder.File("net.onnx")));
        Assert.Throws<DirectoryNotFoundException>(() => network.SaveOnnx(_folder.File("nowhere/net.onnx")));
        Assert.Single(Directory.GetFiles(_folder.File("")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxOptions { Opset = 12 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxOptions { Opset = 22 });
    }

    /// <summary>The network with weights and statistics of which none is without effect.</summary>
    internal static Network Randomized(Network network)
    {
        new HeInitializer(11).Initialize(network.Parameters);
        // Neither the normalizations nor the learned scales are the identity.
        network.Parameters.EditStatistics(statistics =>
        {
            for (var i = 0; i < statistics.Length; i++) statistics[i] = 0.5f + i % 9 / 9f;
        });
        return network;
    }

    static void Compare(ArchitectureAttribute architecture)
    {
        using var network = Network.Create(architecture.Define("Net"));
        Compare(network);
    }

    /// <summary>To 1e-5 of the largest value of each output, for a batch of two.</summary>
    static void Compare(Network network, OnnxOptions? options = null)
    {
        Randomized(network);
        var images = OnnxRuntime.Images(network, 2);
        var expected = network.PredictAll(images);
        using var session = OnnxRuntime.Open(network, options ?? new() { DynamicBatch = true });
        var actual = OnnxRuntime.Run(session, images);
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, values) in expected) ImportTests.Close(values.Data.ToArray(), actual[name]);
    }
}
