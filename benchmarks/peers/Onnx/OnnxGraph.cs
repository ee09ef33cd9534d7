using System.Globalization;
using System.Runtime.InteropServices;

namespace ResNet.Peers.Onnx;

/// <summary>A graph in ONNX's format, written node by node. Numbers of fields are those of onnx.proto.</summary>
sealed class OnnxGraph
{
    // The first set of operators with today's batch normalization, padding and slices in one.
    const int OperatorSet = 15, FormatVersion = 8;
    const int FloatType = 1, Int64Type = 7;
    const int FloatAttribute = 1, IntAttribute = 2, IntsAttribute = 7;

    readonly ProtobufWriter _graph = new();
    int _values;

    public OnnxGraph(string name) => _graph.Write(2, name);

    /// <summary>Declares an input of the graph.</summary>
    public void AddInput(string name, params ReadOnlySpan<int> shape) => _graph.Write(11, ValueInfo(name, shape));

    /// <summary>Declares an output of the graph.</summary>
    public void AddOutput(string name, params ReadOnlySpan<int> shape) => _graph.Write(12, ValueInfo(name, shape));

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">ONNX's name of what it computes.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="attributes">Names with a <see cref="float"/>, a <see cref="long"/> or an array of <see cref="long"/>.</param>
    /// <returns>Name of its output.</returns>
    public string AddNode(string operation, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new ProtobufWriter();
        var output = NewName();
        foreach (var input in inputs) node.Write(1, input);
        node.Write(2, output);
        node.Write(4, operation);
        foreach (var (name, value) in attributes) node.Write(5, Attribute(name, value));
        _graph.Write(1, node);
        return output;
    }

    /// <summary>Adds a tensor of constants.</summary>
    /// <returns>Its name.</returns>
    public string AddConstant(IEnumerable<int> shape, ReadOnlySpan<float> values) => AddConstant(shape, FloatType, MemoryMarshal.AsBytes(values));

    /// <inheritdoc cref="AddConstant(IEnumerable{int}, ReadOnlySpan{float})"/>
    public string AddConstant(params ReadOnlySpan<long> values) => AddConstant([values.Length], Int64Type, MemoryMarshal.AsBytes(values));

    string AddConstant(IEnumerable<int> shape, int type, ReadOnlySpan<byte> littleEndian)
    {
        var tensor = new ProtobufWriter();
        var name = NewName();
        foreach (var size in shape) tensor.Write(1, size);
        tensor.Write(2, type);
        tensor.Write(8, name);
        tensor.Write(9, littleEndian);
        _graph.Write(5, tensor);
        return name;
    }

    /// <summary>The model of the graph, as a file holds it.</summary>
    public byte[] ToModel()
    {
        var operators = new ProtobufWriter();
        operators.Write(2, OperatorSet);
        var model = new ProtobufWriter();
        model.Write(1, FormatVersion);
        model.Write(7, _graph);
        model.Write(8, operators);
        return model.ToArray();
    }

    string NewName() => _values++.ToString(CultureInfo.InvariantCulture);

    static ProtobufWriter Attribute(string name, object value)
    {
        var attribute = new ProtobufWriter();
        attribute.Write(1, name);
        switch (value)
        {
            case float number:
                attribute.Write(2, number);
                attribute.Write(20, FloatAttribute);
                break;
            case long number:
                attribute.Write(3, number);
                attribute.Write(20, IntAttribute);
                break;
            case long[] numbers:
                foreach (var number in numbers) attribute.Write(8, number);
                attribute.Write(20, IntsAttribute);
                break;
            default:
                throw new ArgumentException($"There is no attribute of type {value.GetType().Name}", nameof(value));
        }
        return attribute;
    }

    static ProtobufWriter ValueInfo(string name, ReadOnlySpan<int> sizes)
    {
        var (shape, tensor, type, value) = (new ProtobufWriter(), new ProtobufWriter(), new ProtobufWriter(), new ProtobufWriter());
        foreach (var size in sizes)
        {
            var dimension = new ProtobufWriter();
            dimension.Write(1, size);
            shape.Write(1, dimension);
        }
        tensor.Write(1, FloatType);
        tensor.Write(2, shape);
        type.Write(1, tensor);
        value.Write(1, name);
        value.Write(2, type);
        return value;
    }
}
