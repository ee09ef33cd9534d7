namespace ResNet.Dsl;

/// <summary>Networks whose dense layers read flattened feature maps, as networks of convolutions.</summary>
static class FullyConvolutionalForm
{
    /// <summary>Returns the form; the network itself where it has none, or needs none.</summary>
    public static NetworkDefinition Of(NetworkDefinition network)
    {
        var layers = network.Body.Layers.ToList();
        var flatten = layers.FindIndex(layer => layer is Flatten);
        if (flatten < 0 || layers.ElementAtOrDefault(flatten + 1) is not Dense first || !layers.Skip(flatten + 1).All(SeesOnePlace)) return network;
        var maps = layers.Take(flatten).Aggregate(network.Input, (shape, layer) => layer.OutputShape(shape));
        if (maps.Height != maps.Width) return network;

        // A tap in the place of the flattening: layers keep their numbers, by which their parameters are found.
        layers[flatten] = new Tap(layers[flatten].Name);
        layers[flatten + 1] = Convolution(first, maps.Height);
        for (var i = flatten + 2; i < layers.Count; i++)
            if (layers[i] is Dense dense) layers[i] = Convolution(dense, 1);
        layers.Add(new GlobalAveragePool("avgpool"));
        return network with { Body = network.Body with { Layers = new(layers) } };
    }

    /// <summary>Whether the layer does to each place of feature maps what it does to a vector.</summary>
    static bool SeesOnePlace(Layer layer) => layer is Dense or BatchNorm or Relu or Sigmoid or Dropout or Tap;

    /// <summary>The weights of a dense layer that reads flattened maps lie as those of the convolution over them.</summary>
    static Conv2d Convolution(Dense dense, int kernel) => new(dense.Name, dense.Units, kernel, Bias: dense.Bias);
}
