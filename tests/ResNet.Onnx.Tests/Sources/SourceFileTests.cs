using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Onnx.Tests.Sources;

/// <summary>Names, and files that are there already or cannot be written.</summary>
public sealed class SourceFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Both_files_are_written_or_none()
    {
        var model = Small();
        Assert.Throws<DirectoryNotFoundException>(() => OnnxSource.Import(model, _folder.File("nowhere/Net.cs")));
        Assert.Throws<FileNotFoundException>(() => OnnxSource.Import(_folder.File("absent.onnx"), _folder.File("Net.cs")));
        Assert.Throws<OnnxException>(() => OnnxSource.Import(_folder.Write("broken.onnx", [1, 2, 3]), _folder.File("Net.cs")));
        Assert.Throws<ArgumentException>(() => OnnxSource.Import(model, _folder.File("Net.txt")));
        // The source's place is taken by a folder: the weights, which are moved first, go again.
        Directory.CreateDirectory(_folder.File("Taken.cs"));
        Assert.ThrowsAny<Exception>(() => OnnxSource.Import(model, _folder.File("Taken.cs")));
        Assert.Equal(["broken.onnx", "small.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());

        OnnxSource.Import(model, _folder.File("Net.cs"));
        Assert.Equal(["Net.cs", "Net.safetensors", "broken.onnx", "small.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Net.cs")]
    [InlineData("Net.safetensors")]
    public void Files_are_replaced_only_where_that_is_wanted(string existing)
    {
        var model = Small();
        _folder.Write(existing, "mine");
        Assert.Contains($"{existing}: the file is there already", Assert.Throws<IOException>(() => OnnxSource.Import(model, _folder.File("Net.cs"))).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder.File(existing)));
        OnnxSource.Import(model, _folder.File("Net.cs"), new() { Overwrite = true });
        Assert.NotEqual("mine", File.ReadAllText(_folder.File(existing)));
    }

    [Theory]
    [InlineData("resnet18.cs", "Resnet18")]
    [InlineData("my-model.g.cs", "MyModelG")]
    [InlineData("18-layers.cs", "Model18Layers")]
    [InlineData("ü.cs", "Model")]
    public void The_class_is_named_as_the_file(string file, string expected) => Assert.Equal(expected, OnnxSource.Import(Small(), _folder.File(file)).ClassName);

    [Theory]
    [InlineData("class", "some.namespace")]
    [InlineData("_1", "A1.b_2")]
    public void Keywords_are_names(string className, string targetNamespace)
    {
        var result = OnnxSource.Import(Small(), _folder.File("Net.cs"), new() { ClassName = className, Namespace = targetNamespace });
        using var network = CompiledSource.Create(File.ReadAllText(result.SourcePath), $"{targetNamespace}.{className}");
        network.Load(result.WeightsPath);
    }

    [Theory]
    [InlineData("1st", "A")]
    [InlineData("A B", "A")]
    [InlineData("", "A")]
    [InlineData("A\n", "A")]
    [InlineData("Shortcut", "A")]
    [InlineData("ResNet", "")]
    [InlineData("Define", "A")]
    [InlineData("A", "A..B")]
    [InlineData("A", "A;")]
    public void What_is_no_name_is_an_error(string className, string targetNamespace)
    {
        Assert.Throws<ArgumentException>(() => OnnxSource.Import(Small(), _folder.File("Net.cs"), new() { ClassName = className, Namespace = targetNamespace }));
        Assert.False(File.Exists(_folder.File("Net.safetensors")));
    }

    /// <summary>Text of a file does not become code.</summary>
    [Fact]
    public void Names_in_the_file_stay_in_the_comment()
    {
        var graph = new Model(3, 4, 4) { Producer = "a</summary>\nclass B;\u2028class C; &" };
        graph.Finish(graph.Add("Conv", "conv", ["input", graph.Random("x\"); throw null; //.weight", 4, 3, 1, 1)]), 4, 4, 4);
        var result = OnnxSource.Import(_folder.Write("model.onnx", graph.ToBytes()), _folder.File("Net.cs"));
        var source = File.ReadAllText(result.SourcePath);
        Assert.Contains("a&lt;/summary&gt; class B; class C; &amp;", source, StringComparison.Ordinal);
        Assert.Contains(".Conv(4, 1, name: \"conv1\")", source, StringComparison.Ordinal);
        using var network = CompiledSource.Create(source, "Net");
    }

    /// <summary>In a declaration, a shortcut has a scope of its own: here two names would become one.</summary>
    [Fact]
    public void Names_that_would_clash_become_numbers()
    {
        var graph = new Model(3, 4, 4);
        var main = graph.Add("Conv", "a", [graph.Add("Conv", "b", ["input", graph.Random("unit.downsample.conv.weight", 3, 3, 1, 1)]), graph.Random("unit.last.weight", 4, 3, 1, 1)]);
        graph.Finish(graph.Add("Add", "sum", [main, graph.Add("Conv", "c", ["input", graph.Random("unit.conv.weight", 4, 3, 1, 1)])]), 4, 4, 4);
        var path = _folder.Write("model.onnx", graph.ToBytes());
        var result = OnnxSource.Import(path, _folder.File("Net.cs"));
        using var network = CompiledSource.Create(File.ReadAllText(result.SourcePath), "Net");
        network.Load(result.WeightsPath);
        Assert.Equal(["block1.conv1.weight", "block1.conv2.weight", "block1.downsample.0.weight"], network.Parameters.Tensors.Select(tensor => tensor.Name));
        using var read = Network.FromOnnx(path);
        var images = OnnxRuntime.Images(network, 1);
        ImportTests.Close(read.Predict(images).Data.ToArray(), network.Predict(images).Data.ToArray());
    }

    /// <summary>More calls than a compiler takes in one chain.</summary>
    [Fact]
    public void Long_chains_are_cut()
    {
        var graph = new Model(2, 4, 4);
        var x = "input";
        for (var i = 0; i < 250; i++) x = graph.Add("Sigmoid", "sigmoid", [x]);
        graph.Finish(x, 2, 4, 4);
        var result = OnnxSource.Import(_folder.Write("model.onnx", graph.ToBytes()), _folder.File("Net.cs"));
        using var network = CompiledSource.Create(File.ReadAllText(result.SourcePath), "Net");
        Assert.Equal(250, network.Definition.Layers().Count);
    }

    /// <summary>Channels of zeros outside of a shortcut: the model is read at run time, but no call declares them.</summary>
    [Fact]
    public void What_no_call_declares_is_named()
    {
        var graph = new Model(3, 4, 4);
        graph.Finish(graph.Add("Relu", "relu", [graph.Add("Pad", "pad", ["input", graph.Builder.Constant("pads", 0, 1, 0, 0, 0, 1, 0, 0)])]), 5, 4, 4);
        using (graph.Open())
            Assert.Contains("No builder call declares", Assert.Throws<OnnxException>(() => OnnxSource.Import(_folder.Write("model.onnx", graph.ToBytes()), _folder.File("Net.cs"))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("Net.cs")));
    }

    string Small()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).Conv(4, 3).GlobalAveragePool().Dense(2).Build("Small"));
        network.SaveOnnx(_folder.File("small.onnx"));
        return _folder.File("small.onnx");
    }
}
