using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Onnx.Importing;

/// <summary>The network that a model describes.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Graph">The model's graph.</param>
/// <param name="Definition">Its layers, which are valid.</param>
/// <param name="Values">The parameters, by full name.</param>
sealed record ReadNetwork(string File, OnnxGraph Graph, NetworkDefinition Definition, IReadOnlyDictionary<string, float[]> Values)
{
    /// <summary>Makes the network, with its weights, and gives it the names of classes and the preprocessing of the model where it has them.</summary>
    /// <param name="device">What the network runs on.</param>
    /// <param name="described">Whether the model has names of classes, and a preprocessing.</param>
    public Network Create(Device? device, out (bool Labels, bool Preprocessing) described)
    {
        var network = Network.Create(Definition, device);
        try
        {
            foreach (var tensor in network.Parameters.Tensors) tensor.Edit(to => Values[tensor.Name].CopyTo(to));
            described = ModelMetadata.Apply(Graph.Model, network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
