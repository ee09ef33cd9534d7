using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads a model.</summary>
static class NetworkReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="stream">The model.</param>
    /// <exception cref="OnnxException">It is no model, or one that networks cannot compute.</exception>
    public static ReadNetwork Read(string file, Stream stream)
    {
        var graph = OnnxGraph.Read(file, stream);
        if (graph.Model.Graph.Output is not [var output]) throw new OnnxException(file, $"the model has {graph.Model.Graph.Output.Count} outputs; expected one");
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var chain = new GraphParser(graph).Parse(output.Name);
        if (chain.Count == 0) throw new OnnxException(file, "the output is the input");
        var layers = new LayerReader(graph, values).Read(chain);
        var name = string.IsNullOrWhiteSpace(graph.Model.Graph.Name) ? Path.GetFileNameWithoutExtension(file) : graph.Model.Graph.Name;
        var definition = new NetworkDefinition(name, graph.InputShape, layers);
        try
        {
            definition.Validate();
            return new(file, graph, definition, values);
        }
        catch (NetworkException e)
        {
            throw new OnnxException(file, e.Message, inner: e);
        }
    }
}
