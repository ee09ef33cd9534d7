namespace ResNet.Dsl;

/// <summary>The kinds of parameter tensors.</summary>
public enum ParameterKind
{
    /// <summary>Weight of a convolution or dense layer.</summary>
    Weight,

    /// <summary>Bias of a convolution or dense layer.</summary>
    Bias,

    /// <summary>Factor per channel of a batch normalization (gamma) or of a scale layer.</summary>
    Scale,

    /// <summary>Summand per channel of a batch normalization (beta) or of a scale layer.</summary>
    Shift,

    /// <summary>Running mean of a batch normalization: a statistic, not trained.</summary>
    RunningMean,

    /// <summary>Running variance of a batch normalization: a statistic, not trained.</summary>
    RunningVariance,
}

/// <summary>One parameter tensor of a network.</summary>
/// <param name="Name">Full name, torchvision's where there is one: <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Shape">Dimensions, PyTorch's order.</param>
/// <param name="Kind">The kind of the tensor.</param>
public sealed record ParameterInfo(string Name, EquatableArray<int> Shape, ParameterKind Kind)
{
    /// <summary>Number of values.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether gradient descent changes it; running statistics are no parameters in the papers' counts.</summary>
    public bool IsTrained => Kind is not (ParameterKind.RunningMean or ParameterKind.RunningVariance);

    /// <summary>A parameter of the layer of that full name.</summary>
    internal static ParameterInfo Of(string layer, string suffix, ParameterKind kind, params int[] shape) => new(layer + "." + suffix, new(shape), kind);
}
