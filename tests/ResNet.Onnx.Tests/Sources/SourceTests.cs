using System.Text.RegularExpressions;
using ResNet.Dsl;
using ResNet.Runtime;
using static ResNet.Onnx.Exporting.GraphBuilder;

namespace ResNet.Onnx.Tests.Sources;

/// <summary>A model as C#: read like code, compiled, and run.</summary>
public sealed class SourceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Names of PyTorch's form: scopes of units, their shortcuts and stages come back.</summary>
    [Fact]
    public Task Residual_network() => Snapshot.Verify(Import(new CifarResNetAttribute { Depth = 20, Shortcut = Shortcut.Projection, ImageSize = 16, Classes = 4 }.Define("Net"), network =>
    {
        network.Labels = ["cat", "dog", "fox", "owl"];
        network.Preprocessing = new Preprocessing(18, 16, 16) { Mean = [0.5f, 0.25f, 0.125f], Deviation = [1, 2, 4] };
    }));

    /// <summary>Units within shortcuts, products, and strides with zeros for new channels.</summary>
    [Fact]
    public Task Gated_network() => Snapshot.Verify(Import(new CifarResNetAttribute { Depth = 20, Shortcut = Shortcut.ShortcutOnlyGating, ImageSize = 16, Unit = Unit.PreActivation }.Define("Net")));

    /// <summary>All layers that models can say, as a network of another form has them.</summary>
    [Fact]
    public Task Network_of_ones_own() => Snapshot.Verify(Import(new NetworkBuilder().Input(3, 12, 12)
        .Conv(8, 3, padding: 1, bias: true, name: "features.0").Relu().MaxPool(2).Conv(8, 1, groups: 2, name: "features.3").BatchNorm(eps: 1e-3, name: "features.4").Sigmoid()
        .AveragePool(3, 1, 1).Scale("gain").Scale(0.5, 0.25)
        .Residual(r => r.Conv(8, 3, padding: 1, name: "expand"), name: "se", merge: Merge.Product, activation: Activation.None)
        .Flatten().Dense(6).Relu().Dense(4, bias: false).Build("Own")));

    /// <summary>A graph whose names say nothing: folded normalizations, units that are alike and one that is not.</summary>
    [Fact]
    public Task Nameless_graph()
    {
        var path = _folder.Write("model.onnx", Nameless());
        var result = OnnxSource.Import(path, _folder.File("Folded.cs"), new() { Namespace = "My.Models", IsGenerated = true });
        Compare(path, result, "My.Models.Folded");
        return Snapshot.Verify([("Folded", File.ReadAllText(result.SourcePath))]);
    }

    static byte[] Nameless()
    {
        var graph = new Model(3, 8, 8);
        var x = Conv("input", 4, 3, stride: 1);
        x = graph.Add("Relu", "relu", [x]);
        for (var i = 0; i < 2; i++) x = graph.Add("Relu", "relu", [graph.Add("Add", "sum", [Conv(graph.Add("Relu", "relu", [Conv(x, 4, 4, stride: 1)]), 4, 4, stride: 1), x])]);
        x = graph.Add("Relu", "relu", [graph.Add("Add", "sum", [Conv(graph.Add("Relu", "relu", [Conv(x, 6, 4, stride: 2)]), 6, 6, stride: 1), Conv(x, 6, 4, stride: 2, kernel: 1)])]);
        x = graph.Add("Flatten", "flat", [graph.Add("GlobalAveragePool", "pool", [x])]);
        graph.Finish(graph.Add("Softmax", "probabilities", [graph.Add("Gemm", "fc", [x, graph.Random("onnx::Gemm_1", 6, 5), graph.Random("onnx::Gemm_2", 5)])]), 5);
        return graph.ToBytes();

        string Conv(string from, int channels, int inputs, int stride, int kernel = 3)
        {
            var pad = kernel / 2;
            return graph.Add("Conv", "conv", [from, graph.Random("onnx::Conv_1", channels, inputs, kernel, kernel), graph.Random("onnx::Conv_2", channels)],
                Ints("pads", pad, pad, pad, pad), Ints("strides", stride, stride), Ints("kernel_shape", kernel, kernel));
        }
    }

    /// <summary>The network as a model, and that as C#, which computes what the model computes.</summary>
    (string Name, string Text)[] Import(NetworkDefinition definition, Action<Network>? describe = null)
    {
        using var network = ExportTests.Randomized(Network.Create(definition));
        describe?.Invoke(network);
        network.SaveOnnx(_folder.File("model.onnx"));
        var result = OnnxSource.Import(_folder.File("model.onnx"), _folder.File("my-model.cs"));
        Assert.Equal("MyModel", result.ClassName);
        Compare(_folder.File("model.onnx"), result, "MyModel");
        // The version of this project is none of a snapshot's business.
        return [("MyModel", Regex.Replace(File.ReadAllText(result.SourcePath), @"(?<=written by ResNet\.Onnx) [^ ]+(?=\. )", ""))];
    }

    static void Compare(string model, OnnxSourceResult result, string className)
    {
        using var compiled = CompiledSource.Create(File.ReadAllText(result.SourcePath), className);
        Assert.Equal(result.Definition, compiled.Definition);
        compiled.Load(result.WeightsPath);
        using var read = Network.FromOnnx(model);
        Assert.Equal(read.Labels, compiled.Labels);
        Assert.Equal(read.Preprocessing.ToString(), compiled.Preprocessing.ToString());
        var images = OnnxRuntime.Images(compiled, 2);
        ImportTests.Close(read.Predict(images).Data.ToArray(), compiled.Predict(images).Data.ToArray());
    }
}
