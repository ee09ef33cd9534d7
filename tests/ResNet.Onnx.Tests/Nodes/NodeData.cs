using Google.Protobuf;
using ResNet.Onnx.Importing;
using ResNet.Onnx.Protos;

namespace ResNet.Onnx.Tests.Nodes;

/// <summary>A case of ONNX's test suite as a model of one input: what else it takes, such as weights, is part of the model.</summary>
sealed class NodeData
{
    static readonly HashSet<string> _operators =
    [
        "Conv", "BatchNormalization", "Relu", "Add", "Mul", "Sigmoid", "MaxPool", "AveragePool", "GlobalAveragePool", "Flatten", "Reshape", "Gemm", "MatMul", "Concat", "Dropout",
        "Identity", "Constant", "Softmax", "Pad",
    ];

    // Of these, the shape does not matter: three dimensions are an image's, one is a vector's.
    static readonly HashSet<string> _elementwise = ["Relu", "Add", "Mul", "Sigmoid", "Dropout", "Identity"];

    readonly ModelProto _model;
    readonly string _folder;

    /// <summary>Reads a case.</summary>
    public NodeData(string name)
    {
        _folder = Path.Combine(Root!, name);
        _model = ReadModel(_folder);
        var graph = _model.Graph;
        for (var i = graph.Input.Count - 1; i > 0; i--)
        {
            if (!File.Exists(Data($"input_{i}"))) continue;
            var tensor = ReadTensor($"input_{i}");
            tensor.Name = graph.Input[i].Name;
            graph.Initializer.Add(tensor);
            graph.Input.RemoveAt(i);
        }
        if (graph.Input.Count == 0) return;
        var dimensions = graph.Input[0].Type?.TensorType?.Shape?.Dim;
        if (dimensions is { Count: 1 or 3 } && graph.Node.All(node => _elementwise.Contains(node.OpType))) dimensions.Insert(0, new TensorShapeProto.Types.Dimension { DimValue = 1 });
        // A node that changes nothing is no network by itself: behind a sum with zero it is one.
        if (graph.Node is [{ OpType: "Identity" or "Dropout" or "Softmax" or "Flatten" } node])
        {
            graph.Initializer.Add(new TensorProto { Name = "zero", DataType = (int)TensorProto.Types.DataType.Float, FloatData = { 0 }, Dims = { 1 } });
            graph.Node.Insert(0, new NodeProto { OpType = "Add", Input = { node.Input[0], "zero" }, Output = { "sum" } });
            node.Input[0] = "sum";
        }
    }

    /// <summary>The folder of the suite; null if it is not installed.</summary>
    public static string? Root { get; } = Directory.Exists("/usr/lib/python3/dist-packages/onnx/backend/test/data") ? "/usr/lib/python3/dist-packages/onnx/backend/test/data" : null;

    /// <summary>The cases whose nodes are all of the operators that are read.</summary>
    public static IEnumerable<string> Find() =>
        from folder in new[] { "node", "pytorch-converted", "pytorch-operator", "simple" }
        from path in Directory.EnumerateDirectories(Path.Combine(Root!, folder))
        let graph = ReadModel(path).Graph
        where graph.Node.Count > 0 && graph.Node.All(node => _operators.Contains(node.OpType))
        select $"{folder}/{Path.GetFileName(path)}";

    /// <summary>The model.</summary>
    public byte[] Model => _model.ToByteArray();

    /// <summary>Whether the last node makes probabilities, which networks leave to others.</summary>
    public bool EndsInSoftmax => _model.Graph.Node[^1].OpType == "Softmax";

    public float[] Input => TensorReader.Read(ReadTensor("input_0")).Values;

    public float[] Output => TensorReader.Read(ReadTensor("output_0")).Values;

    /// <summary>The numbers that the model has of its own.</summary>
    public float[] SecondOperand => TensorReader.Read(_model.Graph.Initializer[0]).Values;

    /// <summary>
    /// Makes a sum or product of two inputs one of two branches, as residual units have them: the channels of one image are those of both, and each branch takes its half.
    /// </summary>
    /// <returns>Whether the case is one.</returns>
    public bool TryJoinInputs()
    {
        var graph = _model.Graph;
        if (graph.Node is not [{ OpType: "Add" or "Mul", Input: { Count: 2 } } node] || graph.Initializer is not [var second]) return false;
        var dimensions = graph.Input[0].Type.TensorType.Shape.Dim;
        var sizes = dimensions.Skip(1).Select(dimension => (int)dimension.DimValue).ToArray();
        if (!second.Dims.Select(size => (int)size).SequenceEqual(sizes) || (TensorProto.Types.DataType)second.DataType != TensorProto.Types.DataType.Float) return false;
        var channels = sizes[0];
        dimensions[1].DimValue = 2 * channels;
        while (dimensions.Count < 4) dimensions.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        graph.Node.Clear();
        for (var half = 0; half < 2; half++)
        {
            var take = new TensorProto { Name = $"take{half}", DataType = (int)TensorProto.Types.DataType.Float, Dims = { channels, 2 * channels, 1, 1 } };
            for (var i = 0; i < 2 * channels * channels; i++) take.FloatData.Add(i % (2 * channels) == half * channels + i / (2 * channels) ? 1 : 0);
            graph.Initializer.Add(take);
            graph.Node.Add(new NodeProto { OpType = "Conv", Input = { graph.Input[0].Name, take.Name }, Output = { $"half{half}" } });
        }
        graph.Node.Add(new NodeProto { OpType = node.OpType, Input = { "half0", "half1" }, Output = { node.Output[0] } });
        return true;
    }

    string Data(string name) => Path.Combine(_folder, "test_data_set_0", name + ".pb");

    TensorProto ReadTensor(string name) => TensorProto.Parser.ParseFrom(File.ReadAllBytes(Data(name)));

    static ModelProto ReadModel(string folder) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
}
