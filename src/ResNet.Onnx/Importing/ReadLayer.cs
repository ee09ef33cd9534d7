using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>A layer that a node has become.</summary>
/// <param name="Layer">The layer; null if the node changes nothing.</param>
/// <param name="Values">Its parameters, by the text after the layer's name.</param>
sealed record ReadLayer(Layer? Layer, IReadOnlyList<(string Name, float[] Values)> Values)
{
    public ReadLayer(Layer? layer) : this(layer, [])
    {
    }
}
