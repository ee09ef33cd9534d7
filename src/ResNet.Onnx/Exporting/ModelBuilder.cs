using System.Text.Json;
using ResNet.Dsl;
using ResNet.Onnx.Protos;
using ResNet.Runtime;

namespace ResNet.Onnx.Exporting;

/// <summary>Makes a model of a network.</summary>
static class ModelBuilder
{
    const string Input = "input", Batch = "batch";

    /// <summary>Makes the model.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Batch and operator set.</param>
    /// <exception cref="NotSupportedException">The model would be larger than the format allows.</exception>
    public static ModelProto Build(Network network, OnnxOptions options)
    {
        var definition = network.Definition;
        var bytes = network.Parameters.Tensors.Sum(tensor => 4L * tensor.Length);
        if (bytes > int.MaxValue - (1 << 20))
            throw new NotSupportedException($"{definition.Name} has {bytes} bytes of weights; an ONNX model has at most 2 GiB");
        var builder = new GraphBuilder();
        // These names are others' to rely on.
        builder.Name(Input);
        foreach (var output in definition.Outputs) builder.Name(output.Name);
        builder.Graph.Name = definition.Name;
        builder.Graph.Input.Add(Describe(Input, [definition.Input.Channels, definition.Input.Height, definition.Input.Width], options));
        var emitter = new LayerEmitter(builder, network, (name, shape) => Describe(name, shape.IsVector ? [shape.Channels] : [shape.Channels, shape.Height, shape.Width], options));
        var end = emitter.Emit(definition.Body, new(Input, definition.Input, IsFlat: false));
        // Otherwise the last layer of the tree, or of its last branch, has named it.
        if (builder.Graph.Output.Count < definition.Outputs.Count) emitter.EmitOutput(definition.Outputs[^1].Name, end);
        var model = new ModelProto
        {
            IrVersion = options.IrVersion,
            ProducerName = "ResNet.Onnx",
            ProducerVersion = typeof(ModelBuilder).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport = { new OperatorSetIdProto { Version = options.Opset } },
            Graph = builder.Graph,
            MetadataProps = { new StringStringEntryProto { Key = "preprocessing", Value = Describe(network.Preprocessing) } },
        };
        if (network.KnownLabels is { } labels) model.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = string.Join('\n', labels) });
        return model;
    }

    static ValueInfoProto Describe(string name, IEnumerable<int> sizes, OnnxOptions options)
    {
        var shape = new TensorShapeProto { Dim = { options.DynamicBatch ? new TensorShapeProto.Types.Dimension { DimParam = Batch } : new() { DimValue = 1 } } };
        shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    /// <summary>The preprocessing in JSON: the shorter side after resizing, the crop, and what is subtracted from and divides each channel.</summary>
    static string Describe(Preprocessing preprocessing)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("resize", preprocessing.Resize);
            json.WriteNumber("height", preprocessing.Height);
            json.WriteNumber("width", preprocessing.Width);
            WriteArray(json, "mean", preprocessing.PixelMean is null ? preprocessing.Mean : []);
            WriteArray(json, "deviation", preprocessing.Deviation);
            if (preprocessing.PixelMean is { } mean)
            {
                json.WriteStartArray("pixelMean");
                foreach (var value in mean.Values) json.WriteNumberValue(value);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    static void WriteArray(Utf8JsonWriter json, string name, IReadOnlyList<float> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
