using Google.Protobuf;
using ResNet.Dsl;
using ResNet.Onnx.Protos;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Training;
using static ResNet.Onnx.Exporting.GraphBuilder;

namespace ResNet.Onnx.Tests;

/// <summary>A network of a model computes what ONNX Runtime computes of it.</summary>
public class ImportTests
{
    [Theory]
    [InlineData(Shortcut.ZeroPad)]
    [InlineData(Shortcut.ConstantScaling)]
    [InlineData(Shortcut.ExclusiveGating)]
    [InlineData(Shortcut.ShortcutOnlyGating)]
    [InlineData(Shortcut.Dropout)]
    public void Shortcuts_come_back(Shortcut shortcut)
    {
        using var network = ExportTests.Randomized(Network.Create(new CifarResNetAttribute { Depth = 20, Shortcut = shortcut, ImageSize = 16 }.Define("Net")));
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        stream.Position = 0;
        using var back = Network.FromOnnx(stream);
        var images = OnnxRuntime.Images(network, 2);
        Close(network.Predict(images).Data.ToArray(), back.Predict(images).Data.ToArray());
    }

    [Fact]
    public void Names_of_classes_and_preprocessing_come_back()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).GlobalAveragePool().Dense(2).Build("Labelled"));
        network.Labels = ["cat", "dog"];
        network.Preprocessing = new Preprocessing(9, 8, 8) { Mean = [0.5f, 0.25f, 0.125f], Deviation = [1, 2, 4] };
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        stream.Position = 0;
        using var back = Network.FromOnnx(stream);
        Assert.Equal(network.Labels, back.Labels);
        Assert.Equal(network.Preprocessing.ToString(), back.Preprocessing.ToString());
        Assert.Equal("Labelled", back.Definition.Name);
    }

    [Fact]
    public void A_mean_of_each_pixel_comes_back()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).GlobalAveragePool().Dense(2).Build("Mean"));
        network.Preprocessing = new Preprocessing(8, 8, 8) { PixelMean = new(8, 8, [.. Enumerable.Range(0, 192).Select(i => i / 256f)]), Deviation = [1, 1, 1] };
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        stream.Position = 0;
        using var back = Network.FromOnnx(stream);
        Assert.Equal(network.Preprocessing.ToString(), back.Preprocessing.ToString());
    }

    /// <summary>Files that are made to harm: they are refused, and in no time.</summary>
    [Fact]
    public void Hostile_graphs_are_refused()
    {
        Assert.Contains("is there already", Refusal(graph =>
        {
            var c = graph.Add("Relu", "c", ["input"]);
            graph.Builder.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { "input" }, Output = { "input" } });
            graph.Finish(graph.Add("Add", "d", ["input", c]), 3, 4, 4);
        }), StringComparison.Ordinal);
        Assert.Contains("more than 64 deep", Refusal(graph =>
        {
            var y = graph.Add("Relu", "y", ["input"]);
            for (var i = 0; i < 5000; i++) y = graph.Add("Add", $"sum{i}", [graph.Add("Relu", $"relu{i}", [y]), "input"]);
            graph.Finish(y, 3, 4, 4);
        }), StringComparison.Ordinal);
        Assert.Contains("expected a number of 32 bits", Refusal(graph => graph.Finish(graph.Add("Conv", "conv", ["input", graph.Random("weight", 4, 3, 1, 1)],
            new AttributeProto { Name = "group", Type = AttributeProto.Types.AttributeType.Int, I = 1L << 40 }), 4, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("has no square form", Refusal(graph => graph.Finish(graph.Add("Conv", "conv", ["input", graph.Random("weight", 4, 3, 1, 1)], Ints("pads", 0, 0, 9000, 9000)), 4, 4, 4)), StringComparison.Ordinal);
        // A weight of a megabyte would become one of a hundred.
        Assert.Contains("64 times as many taps", Refusal(graph => graph.Finish(graph.Add("Conv", "conv", ["input", graph.Random("weight", 4, 3, 1, 1)], Ints("pads", 0, 0, 9, 9)), 4, 4, 4)), StringComparison.Ordinal);
    }

    /// <summary>Paddings that differ from side to side, kernels that are not square, padding by a node of its own.</summary>
    [Theory]
    [InlineData("asymmetric")]
    [InlineData("upper")]
    [InlineData("lower")]
    [InlineData("valid")]
    [InlineData("rectangle")]
    [InlineData("pad")]
    public void Convolutions_of_any_padding(string kind)
    {
        var graph = new Model(3, 10, 10);
        string x = "input";
        var weight = graph.Random("conv.weight", 4, 3, kind == "rectangle" ? 1 : 3, 3);
        if (kind == "pad") x = graph.Add("Pad", "padded", [x, graph.Builder.Constant("pads", 0, 0, 1, 0, 0, 0, 2, 3)]);
        AttributeProto[] attributes = kind switch
        {
            "asymmetric" => [Ints("pads", 0, 1, 2, 1), Ints("strides", 2, 2)],
            "upper" => [Text("auto_pad", "SAME_UPPER"), Ints("strides", 2, 2)],
            "lower" => [Text("auto_pad", "SAME_LOWER"), Ints("strides", 2, 2)],
            "valid" => [Text("auto_pad", "VALID")],
            "rectangle" => [Ints("pads", 0, 1, 0, 1)],
            "pad" => [Ints("strides", 2, 2)],
            _ => [Ints("pads", 1, 1, 1, 1)],
        };
        x = graph.Add("Conv", "conv", [x, weight, graph.Random("conv.bias", 4)], attributes);
        graph.Finish(graph.Add("GlobalAveragePool", "pool", [graph.Add("Relu", "relu", [x])]), 4, 1, 1);
        graph.CompareWithOnnxRuntime();
    }

    /// <summary>Zeros behind the input that no window reaches may as well be there.</summary>
    [Theory]
    [InlineData(10, 1, 0)]
    [InlineData(9, 0, 1)]
    public void Poolings_whose_padding_is_not_reached(int size, int begin, int end)
    {
        var graph = new Model(3, size, size);
        var positions = (size + begin + end - 3) / 2 + 1;
        graph.Finish(graph.Add("MaxPool", "pool", ["input"], Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", begin, begin, end, end)), 3, positions, positions);
        graph.CompareWithOnnxRuntime();
    }

    /// <summary>PyTorch writes equal weights once, and names the others by Identity.</summary>
    [Fact]
    public void Weights_that_are_equal_keep_their_names()
    {
        var graph = new Model(3, 4, 4);
        var weight = graph.Random("first.conv.weight", 3, 3, 1, 1);
        var x = graph.Add("Conv", "one", ["input", graph.Add("Identity", "second.conv.weight", [weight])]);
        graph.Finish(graph.Add("Conv", "two", [x, weight]), 3, 4, 4);
        using var network = graph.Open();
        Assert.Equal(["second.conv.weight", "first.conv.weight"], network.Parameters.Tensors.Select(tensor => tensor.Name));
        graph.CompareWithOnnxRuntime();
    }

    /// <summary>Rows and columns are left out one after the other, rows in two steps.</summary>
    [Fact]
    public void Strides_of_several_slices()
    {
        var graph = new Model(3, 9, 9);
        var x = Slice(graph, Slice(graph, Slice(graph, "input", axis: 2, step: 2), axis: 3, step: 4), axis: 2, step: 2);
        graph.Finish(graph.Add("Pad", "pad", [x, graph.Builder.Constant("pads", 0, 1, 0, 0, 0, 2, 0, 0)]), 6, 3, 3);
        graph.CompareWithOnnxRuntime();
    }

    static string Slice(Model graph, string from, int axis, int step) => graph.Add("Slice", "slice",
        [from, graph.Builder.Constant("starts", 0L), graph.Builder.Constant("ends", (long)int.MaxValue), graph.Builder.Constant("axes", (long)axis), graph.Builder.Constant("steps", (long)step)]);

    [Theory]
    [InlineData("gemm")]
    [InlineData("matmul")]
    [InlineData("reshape")]
    [InlineData("mean")]
    public void Heads_of_any_form(string kind)
    {
        var graph = new Model(3, 4, 4);
        var x = graph.Add("Sigmoid", "gate", ["input"]);
        x = kind switch
        {
            "reshape" => graph.Add("Reshape", "flat", [x, graph.Builder.Constant("shape", -1, 48)]),
            "mean" => graph.Add("Flatten", "flat", [graph.Add("ReduceMean", "mean", [x], Ints("axes", -2, -1))]),
            _ => graph.Add("Flatten", "flat", [x]),
        };
        var length = kind == "mean" ? 3 : 48;
        x = kind == "matmul"
            ? graph.Add("Add", "sum", [graph.Add("MatMul", "product", [x, graph.Random("matrix", length, 5)]), graph.Random("offset", 5)])
            : graph.Add("Gemm", "fc", [x, graph.Random("weight", length, 5), graph.Random("bias", 5)]);
        graph.Finish(x, 5);
        graph.CompareWithOnnxRuntime();
    }

    [Fact]
    public void A_softmax_at_the_end_is_left_out()
    {
        var graph = new Model(3, 4, 4);
        var logits = graph.Add("Gemm", "fc", [graph.Add("Flatten", "flat", [graph.Add("GlobalAveragePool", "pool", ["input"])]), graph.Random("weight", 3, 5)]);
        graph.Finish(graph.Add("Softmax", "probabilities", [logits]), 5);
        using var network = graph.Open();
        var images = OnnxRuntime.Images(network, 1);
        var scores = network.Predict(images).Data.ToArray();
        var powers = scores.Select(score => Math.Exp(score)).ToList();
        using var session = graph.OpenInOnnxRuntime();
        Close([.. powers.Select(power => (float)(power / powers.Sum()))], OnnxRuntime.Run(session, images)["output"]);
    }

    [Fact]
    public void Constants_of_nodes()
    {
        var graph = new Model(2, 4, 4);
        graph.Builder.Graph.Node.Add(new NodeProto
        {
            OpType = "Constant",
            Output = { "factor" },
            Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = new TensorProto { DataType = 1, Dims = { 1, 2, 1, 1 }, FloatData = { 2, -3 } } } },
        });
        var x = graph.Add("Mul", "scaled", [graph.Add("Identity", "same", ["input"]), "factor"]);
        graph.Finish(graph.Add("Add", "shifted", [x, graph.Builder.Constant("shift", [], [0.5f])]), 2, 4, 4);
        graph.CompareWithOnnxRuntime();
    }

    [Fact]
    public void A_network_of_a_model_is_trained_further()
    {
        using var small = Network.Create(new NetworkBuilder().Input(3, 32, 32).Conv(8, 3, stride: 2).BatchNorm().Relu().GlobalAveragePool().Dense(10).Build("Small"));
        using var stream = new MemoryStream();
        small.SaveOnnx(stream);
        stream.Position = 0;
        using var network = Network.FromOnnx(stream);
        using var loader = new DataLoader(new Shapes10(64), new CropAndFlip { Normalization = network.Preprocessing }, new() { BatchSize = 16 });
        using var trainer = new Trainer(network, loader, new() { Epochs = 3 });
        var result = trainer.Run();
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss);
    }

    [Fact]
    public void What_networks_cannot_compute_is_named()
    {
        Assert.Contains("Tanh \"squash\": networks have no Tanh", Refusal(graph => graph.Finish(graph.Add("Tanh", "squash", ["input"]), 3, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("MaxPool \"pool\": a window of 3×3 with padding 0, 0, 1, 1", Refusal(graph => graph.Finish(graph.Add("MaxPool", "pool", ["input"], Ints("kernel_shape", 3, 3), Ints("pads", 0, 0, 1, 1)), 3, 3, 3)), StringComparison.Ordinal);
        Assert.Contains("Conv \"conv\": it joins two computed values; expected Add or Mul", Refusal(graph => graph.Finish(graph.Add("Conv", "conv", ["input", "input"]), 3, 1, 1)), StringComparison.Ordinal);
        Assert.Contains("Concat \"both\": it joins two computed values; expected Add or Mul", Refusal(graph => graph.Finish(graph.Add("Concat", "both", [graph.Add("Relu", "a", ["input"]), graph.Add("Sigmoid", "b", ["input"])], Int("axis", 1)), 6, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("Reshape \"flat\": it makes [3, -1] of 3×4×4", Refusal(graph => graph.Finish(graph.Add("Reshape", "flat", ["input", graph.Builder.Constant("shape", 3, -1)]), 16)), StringComparison.Ordinal);
        Assert.Contains("the weight takes 2 channels in each of 1 groups, the input has 3", Refusal(graph => graph.Finish(graph.Add("Conv", "conv", ["input", graph.Random("weight", 4, 2, 1, 1)]), 4, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("strides of 2 rows and 1 columns", Refusal(graph => graph.Finish(graph.Add("Pad", "pad", [Slice(graph, "input", axis: 2, step: 2), graph.Builder.Constant("pads", 0, 1, 0, 0, 0, 1, 0, 0)]), 5, 2, 4)), StringComparison.Ordinal);
        Assert.Contains("Softmax \"s\": it goes over axis 3", Refusal(graph => graph.Finish(graph.Add("Softmax", "s", [graph.Add("Relu", "relu", ["input"])], Int("axis", 3)), 3, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("computed by no node before it", Refusal(graph => graph.Finish(graph.Add("Relu", "a", ["nothing"]), 3, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("which residual units do not have", Refusal(graph =>
        {
            var (a, b) = (graph.Add("Relu", "a", ["input"]), graph.Add("Sigmoid", "b", ["input"]));
            var shared = graph.Add("Relu", "shared", [graph.Add("Add", "first", [a, b])]);
            graph.Finish(graph.Add("Add", "third", [graph.Add("Add", "second", [graph.Add("Relu", "c", [shared]), a]), shared]), 3, 4, 4);
        }), StringComparison.Ordinal);
        Assert.Contains("no ONNX model", Assert.Throws<OnnxException>(() => Network.FromOnnx(new MemoryStream([1, 2, 3, 4]))).Message, StringComparison.Ordinal);
        Assert.Contains("it has no graph", Assert.Throws<OnnxException>(() => Network.FromOnnx(new MemoryStream())).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Network.FromOnnx("nothing.onnx"));
    }

    static string Refusal(Action<Model> build)
    {
        var graph = new Model(3, 4, 4);
        build(graph);
        return Assert.Throws<OnnxException>(graph.Open).Message;
    }

    static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    internal static void Close(float[] expected, float[] actual)
    {
        var largest = expected.Max(Math.Abs);
        Assert.True(largest > 0);
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 1e-5f * largest);
    }
}
