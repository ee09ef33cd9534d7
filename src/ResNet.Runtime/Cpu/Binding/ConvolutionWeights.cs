using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The parameters of a convolution or dense layer, with the batch normalization after it, if any, folded in.</summary>
/// <param name="parameters">The parameters of the network.</param>
/// <param name="layer">Index of the layer.</param>
/// <param name="norm">Index of the batch normalization; null for none.</param>
sealed class ConvolutionWeights(Parameters parameters, int layer, int? norm)
{
    readonly LayerParameters _layer = new(parameters, layer);
    FoldedNorm? _folded;

    /// <summary>Index of the layer.</summary>
    public int Layer => layer;

    /// <summary>Index of the batch normalization; null for none.</summary>
    public int? Norm => norm;

    /// <summary>[out, in / groups, kernel, kernel].</summary>
    public ReadOnlySpan<float> Weight => _layer.Weight.Read();

    /// <summary>Per output channel; empty for 1.</summary>
    public ReadOnlySpan<float> Scale => _folded?.Scale;

    /// <summary>Per output channel; empty for 0.</summary>
    public ReadOnlySpan<float> Bias => _folded is { } folded ? folded.Shift : _layer.BiasValues;

    /// <summary>Folds the batch normalization, before the parts are packed.</summary>
    public void Fold() => _folded = norm is { } index ? FoldedNorm.Of(parameters, index, _layer.BiasValues) : null;
}
