using ResNet.Dsl;

namespace ResNet.Peers;

/// <summary>Takes a value through the layer tree of a network, in the order of execution.</summary>
/// <typeparam name="T">The value: the name of a tensor in a model that is written, or a tensor.</typeparam>
/// <param name="network">The network.</param>
abstract class LayerWalk<T>(NetworkDefinition network) where T : class
{
    readonly IReadOnlyList<LayerInstance> _layers = network.Layers();
    int _next;

    /// <summary>Returns the output for an input, which it leaves as it is.</summary>
    /// <exception cref="NotSupportedException">The network has a layer that the walk does not know.</exception>
    protected T Walk(T input)
    {
        _next = 0;
        return Follow(network.Body, input);
    }

    /// <summary>
    /// Returns the output of a layer. A ReLU may overwrite its input: a convolution, a normalization or an addition has made it, for
    /// the ReLU alone.
    /// </summary>
    protected abstract T Apply(LayerInstance layer, T input);

    /// <summary>Returns the sum of two values; may overwrite the first.</summary>
    protected abstract T Add(T main, T shortcut);

    /// <summary>Frees a value that nothing reads any more.</summary>
    protected virtual void Release(T value)
    {
    }

    protected static NotSupportedException Unknown(Layer layer) => new($"The peers have no layer {layer.GetType().Name}");

    T Follow(Layer layer, T input) => layer switch
    {
        Sequence sequence => Chain(sequence.Layers, input),
        Repeat repeat => Chain(Enumerable.Repeat(repeat.Body, repeat.Count), input),
        Residual { Merge: Merge.Sum } residual => Join(residual, input),
        Residual or Branch => throw Unknown(layer),
        _ => ApplyNext(input),
    };

    T ApplyNext(T input)
    {
        var layer = _layers[_next++];
        // A tap names a value and computes nothing.
        return layer.Layer is Tap ? input : Apply(layer, input);
    }

    T Chain(IEnumerable<Layer> layers, T input)
    {
        var value = input;
        foreach (var layer in layers)
        {
            var next = Follow(layer, value);
            if (value != input && value != next) Release(value);
            value = next;
        }
        return value;
    }

    T Join(Residual residual, T input)
    {
        var main = Follow(residual.Main, input);
        var shortcut = Follow(residual.Shortcut, input);
        var sum = Add(main, shortcut);
        if (main != input && main != sum) Release(main);
        if (shortcut != input) Release(shortcut);
        var output = Follow(residual.Activation, sum);
        if (output != sum) Release(sum);
        return output;
    }
}
