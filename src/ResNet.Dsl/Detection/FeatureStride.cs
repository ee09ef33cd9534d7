namespace ResNet.Dsl;

/// <summary>Pixels of the image from one position of a network's feature maps to the next.</summary>
static class FeatureStride
{
    /// <summary>Multiplies the strides of a network that yields feature maps.</summary>
    /// <exception cref="NetworkException">A layer leaves no feature maps, or the strides make no number that can be used.</exception>
    public static int Of(NetworkDefinition network)
    {
        var stride = Of(network.Body, network.Input);
        return stride <= Limits.MaxSize
            ? (int)stride
            : throw new NetworkException(ErrorIds.NoFeatureMaps, $"The trunk's strides multiply to {stride}, more than {Limits.MaxSize}");
    }

    static long Of(Layer layer, Shape input) => layer switch
    {
        Sequence sequence => OfAll(sequence, input),
        Repeat repeat => Enumerable.Repeat(Of(repeat.Body, input), repeat.Count).Aggregate(1L, Multiply),
        Branch => 1,
        Residual residual => OfBoth(residual, input),
        Conv2d conv => conv.Stride,
        MaxPool pool => pool.Stride,
        AveragePool pool => pool.Stride,
        ZeroPad pad => pad.Stride,
        GlobalAveragePool or Flatten or Dense => throw new NetworkException(ErrorIds.NoFeatureMaps,
            $"{layer.Describe(input)} leaves no positions, and so no stride: the trunk of a detector ends in feature maps"),
        _ => 1,
    };

    static long OfBoth(Residual residual, Shape input)
    {
        var (main, shortcut) = (Of(residual.Main, input), Of(residual.Shortcut, input));
        return main == shortcut
            ? main
            : throw new NetworkException(ErrorIds.NoFeatureMaps, $"The branches of \"{residual.Name}\" have strides of {main} and {shortcut}: the stride of the trunk is not one number");
    }

    static long OfAll(Sequence sequence, Shape input)
    {
        var stride = 1L;
        foreach (var layer in sequence.Layers)
        {
            stride = Multiply(stride, Of(layer, input));
            input = layer.OutputShape(input);
        }
        return stride;
    }

    static long Multiply(long left, long right) => Math.Min(left * right, int.MaxValue);
}
