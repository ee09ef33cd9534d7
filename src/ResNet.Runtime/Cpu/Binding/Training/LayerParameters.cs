using ResNet.Dsl;
using ResNet.Runtime.Cpu.Training;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>The parameters of one layer, read anew at each step.</summary>
sealed class LayerParameters(Parameters parameters, int layer)
{
    public ParameterTensor Weight => parameters[layer, ParameterKind.Weight];

    /// <summary>Null where the layer has none.</summary>
    public ParameterTensor? Bias => parameters.TryGet(layer, ParameterKind.Bias, out var bias) ? bias : null;

    /// <summary>Empty where the layer has none.</summary>
    public ReadOnlySpan<float> BiasValues => Bias is { } bias ? bias.Values : default;

    public ParameterTensor Scale => parameters[layer, ParameterKind.Scale];

    public ParameterTensor Shift => parameters[layer, ParameterKind.Shift];

    /// <summary>A batch normalization's, its running statistics open to change.</summary>
    public NormParameters Norm() => new()
    {
        Scale = Scale.Values,
        Shift = Shift.Values,
        RunningMean = parameters[layer, ParameterKind.RunningMean].Edit(),
        RunningVariance = parameters[layer, ParameterKind.RunningVariance].Edit(),
    };
}
