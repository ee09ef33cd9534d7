using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Onnx.Importing;

/// <summary>Makes a network of a model.</summary>
static class NetworkReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="stream">The model.</param>
    /// <param name="device">The device of the network.</param>
    /// <exception cref="OnnxException">It is no model, or one that networks cannot compute.</exception>
    public static Network Read(string file, Stream stream, Device? device)
    {
        var graph = OnnxGraph.Read(file, stream);
        if (graph.Model.Graph.Output is not [var output]) throw new OnnxException(file, $"the model has {graph.Model.Graph.Output.Count} outputs; expected one");
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var chain = new GraphParser(graph).Parse(output.Name);
        if (chain.Count == 0) throw new OnnxException(file, "the output is the input");
        var (layers, _) = new LayerReader(new(), values).Read(chain, graph.InputShape, isWhole: true);
        var name = string.IsNullOrWhiteSpace(graph.Model.Graph.Name) ? Path.GetFileNameWithoutExtension(file) : graph.Model.Graph.Name;
        Network network;
        try
        {
            network = Network.Create(new(name, graph.InputShape, layers), device);
        }
        catch (NetworkException e)
        {
            throw new OnnxException(file, e.Message, inner: e);
        }
        try
        {
            foreach (var tensor in network.Parameters.Tensors) tensor.Edit(to => values[tensor.Name].CopyTo(to));
            ModelMetadata.Apply(graph.Model, network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
