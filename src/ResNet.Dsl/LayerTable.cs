using System.Globalization;

namespace ResNet.Dsl;

/// <summary>What a parameter tensor is.</summary>
public enum ParameterKind
{
    /// <summary>Weight of a convolution or dense layer.</summary>
    Weight,

    /// <summary>Bias of a convolution or dense layer.</summary>
    Bias,

    /// <summary>Scale of a batch normalization (gamma).</summary>
    Scale,

    /// <summary>Shift of a batch normalization (beta).</summary>
    Shift,

    /// <summary>Running mean of a batch normalization: a statistic, not trained.</summary>
    RunningMean,

    /// <summary>Running variance of a batch normalization: a statistic, not trained.</summary>
    RunningVariance,
}

/// <summary>One parameter tensor of a network.</summary>
/// <param name="Name">Full name, torchvision's where there is one: <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Shape">Dimensions, PyTorch's order.</param>
/// <param name="Kind">What the tensor is.</param>
public sealed record ParameterInfo(string Name, EquatableArray<int> Shape, ParameterKind Kind)
{
    /// <summary>Number of values.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether gradient descent changes it; running statistics are no parameters in the papers' counts.</summary>
    public bool IsTrained => Kind is not (ParameterKind.RunningMean or ParameterKind.RunningVariance);
}

/// <summary>One layer of the unrolled network.</summary>
/// <param name="Index">Position in the order of execution; generated code names layers by it.</param>
/// <param name="Layer">The layer; never a container.</param>
/// <param name="Name">Full name, scopes joined by dots.</param>
/// <param name="Input">Shape of its input per image.</param>
/// <param name="Output">Shape of its output per image.</param>
/// <param name="Parameters">Its parameter tensors.</param>
/// <param name="MultiplyAdds">Multiply-adds per image, as the papers count them: of convolutions and dense layers.</param>
public sealed record LayerInstance(int Index, Layer Layer, string Name, Shape Input, Shape Output, EquatableArray<ParameterInfo> Parameters, long MultiplyAdds);

/// <summary>Unrolls the layer tree into the list of layers that are executed.</summary>
static class LayerTable
{
    public static IReadOnlyList<LayerInstance> Unroll(NetworkDefinition network)
    {
        var rows = new List<LayerInstance>();
        Visit(network.Body, network.Input, "", rows);
        return rows;
    }

    /// <summary>Number of layers that <see cref="Unroll"/> makes of one.</summary>
    public static long Count(Layer layer) => layer switch
    {
        Sequence sequence => sequence.Layers.Sum(Count),
        Repeat repeat => repeat.Count * Count(repeat.Body),
        Residual residual => Count(residual.Main) + Count(residual.Shortcut) + Count(residual.Activation),
        _ => 1,
    };

    /// <summary>Joins the parts of a full name that are not empty.</summary>
    public static string Join(string scope, string name) =>
        scope.Length == 0 ? name : name.Length == 0 ? scope : scope + "." + name;

    /// <summary>The scope of one iteration of a <see cref="Repeat"/>.</summary>
    public static string Iteration(Repeat repeat, int i) =>
        Join(repeat.Name, (repeat.First + i).ToString(CultureInfo.InvariantCulture));

    static Shape Visit(Layer layer, Shape input, string scope, List<LayerInstance> rows)
    {
        switch (layer)
        {
            case Sequence sequence:
                return sequence.Layers.Aggregate(input, (shape, child) => Visit(child, shape, Join(scope, sequence.Name), rows));
            case Repeat repeat:
                for (var i = 0; i < repeat.Count; i++)
                    Visit(repeat.Body, input, Join(scope, Iteration(repeat, i)), rows);
                return input;
            case Residual residual:
                var inner = Join(scope, residual.Name);
                var sum = Visit(residual.Main, input, inner, rows);
                Visit(residual.Shortcut, input, inner, rows);
                return Visit(residual.Activation, sum, inner, rows);
            default:
                var output = ShapeInference.Output(layer, input);
                var name = Join(scope, layer.Name);
                rows.Add(new(rows.Count, layer, name, input, output, new(Parameters(layer, name, input)), MultiplyAdds(layer, input, output)));
                return output;
        }
    }

    static IEnumerable<ParameterInfo> Parameters(Layer layer, string name, Shape input)
    {
        ParameterInfo Of(string suffix, ParameterKind kind, params int[] shape) => new(name + "." + suffix, new(shape), kind);
        switch (layer)
        {
            case Conv2d conv:
                yield return Of("weight", ParameterKind.Weight, conv.Channels, input.Channels / conv.Groups, conv.Kernel, conv.Kernel);
                if (conv.Bias) yield return Of("bias", ParameterKind.Bias, conv.Channels);
                break;
            case BatchNorm:
                yield return Of("weight", ParameterKind.Scale, input.Channels);
                yield return Of("bias", ParameterKind.Shift, input.Channels);
                yield return Of("running_mean", ParameterKind.RunningMean, input.Channels);
                yield return Of("running_var", ParameterKind.RunningVariance, input.Channels);
                break;
            case Dense dense:
                yield return Of("weight", ParameterKind.Weight, dense.Units, input.Channels);
                if (dense.Bias) yield return Of("bias", ParameterKind.Bias, dense.Units);
                break;
        }
    }

    static long MultiplyAdds(Layer layer, Shape input, Shape output) => layer switch
    {
        Conv2d conv => output.Elements * (input.Channels / conv.Groups) * conv.Kernel * conv.Kernel,
        Dense => output.Elements * input.Channels,
        _ => 0,
    };
}
