using Google.Protobuf;
using ResNet.Onnx.Exporting;
using ResNet.Onnx.Protos;
using ResNet.Runtime;

namespace ResNet.Onnx.Tests;

/// <summary>A model that a test writes node by node.</summary>
sealed class Model(int channels, int height, int width)
{
    readonly Random _random = new(3);
    readonly ModelProto _model = new() { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };

    public GraphBuilder Builder { get; } = new();

    /// <summary>Name of the program that has written the model.</summary>
    public string Producer
    {
        init => _model.ProducerName = value;
    }

    public string Add(string type, string name, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes) => Builder.Add(type, name, inputs, attributes);

    public string Random(string name, params int[] shape) =>
        Builder.Constant(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => _random.NextSingle() - 0.5f)]);

    public void Finish(string value, params int[] shape)
    {
        Builder.Graph.Name = "Model";
        Builder.Graph.Input.Add(Describe("input", [channels, height, width]));
        Builder.AddOutput(value, Describe("output", shape));
        _model.Graph = Builder.Graph;
    }

    public Network Open() => Network.FromOnnx(new MemoryStream(ToBytes()), name: "model.onnx");

    public byte[] ToBytes() => _model.ToByteArray();

    public Microsoft.ML.OnnxRuntime.InferenceSession OpenInOnnxRuntime() => new(ToBytes());

    public void CompareWithOnnxRuntime()
    {
        using var network = Open();
        var images = OnnxRuntime.Images(network, 1);
        using var session = OpenInOnnxRuntime();
        ImportTests.Close(OnnxRuntime.Run(session, images)["output"], network.Predict(images).Data.ToArray());
    }

    static ValueInfoProto Describe(string name, IEnumerable<int> sizes)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 1 } } };
        shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = 1, Shape = shape } } };
    }
}
