using System.Runtime.InteropServices;
using Google.Protobuf;
using ResNet.Onnx.Protos;
using DataType = ResNet.Onnx.Protos.TensorProto.Types.DataType;

namespace ResNet.Onnx.Exporting;

/// <summary>A graph while nodes are added to it; each value and node has a name of its own.</summary>
sealed class GraphBuilder
{
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The graph.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>Takes a name, or the first of those that it begins which is free.</summary>
    public string Name(string wanted)
    {
        var name = wanted;
        for (var number = 2; !_names.Add(name); number++) name = $"{wanted}_{number}";
        return name;
    }

    /// <summary>Adds a node of one output.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="name">Name of the node and its value, if it is free.</param>
    /// <param name="inputs">Names of values.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The name of its value.</returns>
    public string Add(string type, string name, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        name = Name(name);
        var node = new NodeProto { Name = name, OpType = type, Output = { name } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
        return name;
    }

    /// <summary>Gives a value a name that it has to have: that of an output.</summary>
    public void AddOutput(string value, ValueInfoProto output)
    {
        Graph.Node.Add(new NodeProto { Name = output.Name, OpType = "Identity", Input = { value }, Output = { output.Name } });
        Graph.Output.Add(output);
    }

    /// <summary>Adds numbers that do not change.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="shape">Their dimensions.</param>
    /// <param name="values">The numbers, which are not copied.</param>
    public string Constant(string name, IEnumerable<int> shape, float[] values)
    {
        var tensor = new TensorProto { Name = Name(name), DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a vector of whole numbers.</summary>
    public string Constant(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = Name(name), DataType = (int)DataType.Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.Add(values.Length);
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public static AttributeProto Ints(string name, params IEnumerable<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values.Select(value => (long)value));
        return attribute;
    }

    public static AttributeProto Int(string name, int value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Float(string name, double value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = (float)value };
}
