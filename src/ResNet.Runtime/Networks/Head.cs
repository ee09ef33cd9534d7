using ResNet.Dsl;

namespace ResNet.Runtime.Networks;

/// <summary>The layer that tells the classes apart, which other classes need anew.</summary>
static class Head
{
    /// <summary>Finds the last dense layer or, of a fully-convolutional network, the last convolution.</summary>
    public static LayerInstance? Find(IReadOnlyList<LayerInstance> layers) =>
        layers.LastOrDefault(layer => layer.Layer is Dense) ?? layers.LastOrDefault(layer => layer.Layer is Conv2d);
}
