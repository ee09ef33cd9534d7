using ResNet.Dsl;
using ResNet.Runtime.Cpu.Layers;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The parameters of one layer, found once; their values are read anew at each step.</summary>
sealed class LayerParameters(Parameters parameters, int layer)
{
    readonly ParameterTensor? _mean = Find(parameters, layer, ParameterKind.RunningMean);
    readonly ParameterTensor? _variance = Find(parameters, layer, ParameterKind.RunningVariance);
    readonly ParameterTensor? _weight = Find(parameters, layer, ParameterKind.Weight);
    readonly ParameterTensor? _scale = Find(parameters, layer, ParameterKind.Scale);
    readonly ParameterTensor? _shift = Find(parameters, layer, ParameterKind.Shift);

    public ParameterTensor Weight => _weight!;

    /// <summary>Null where the layer has none.</summary>
    public ParameterTensor? Bias { get; } = Find(parameters, layer, ParameterKind.Bias);

    /// <summary>Empty where the layer has none.</summary>
    public ReadOnlySpan<float> BiasValues => Bias is { } bias ? bias.Read() : default;

    public ParameterTensor Scale => _scale!;

    public ParameterTensor Shift => _shift!;

    public ReadOnlySpan<float> RunningMean => _mean!.Read();

    public ReadOnlySpan<float> RunningVariance => _variance!.Read();

    /// <summary>A batch normalization's, its running statistics open to change.</summary>
    public NormParameters Norm() => new()
    {
        Scale = Scale.Read(),
        Shift = Shift.Read(),
        RunningMean = _mean!.Edit(),
        RunningVariance = _variance!.Edit(),
    };

    static ParameterTensor? Find(Parameters parameters, int layer, ParameterKind kind) =>
        parameters.TryGetValue(layer, kind, out var tensor) ? tensor : null;
}
