using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>
/// A batch normalization with its running statistics, or a scale layer, as one scale and one shift per channel:
/// <c>y = Scale · x + Shift</c>.
/// </summary>
readonly record struct FoldedNorm(float[] Scale, float[] Shift)
{
    /// <summary>Folds a layer.</summary>
    /// <param name="parameters">The parameters of the network.</param>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="bias">Bias of the convolution before it, or empty.</param>
    public static FoldedNorm Of(Parameters parameters, int layer, ReadOnlySpan<float> bias = default)
    {
        var channels = parameters.Layers[layer].Input.Channels;
        var folded = new FoldedNorm(new float[channels], new float[channels]);
        Fold(parameters, layer, bias, folded.Scale, folded.Shift);
        return folded;
    }

    /// <summary>Folds a layer into memory that is there already.</summary>
    /// <param name="parameters">The parameters of the network.</param>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="bias">Bias of the convolution before it, or empty.</param>
    /// <param name="scale">Receives the scale of each channel.</param>
    /// <param name="shift">Receives the shift of each channel.</param>
    public static void Fold(Parameters parameters, int layer, ReadOnlySpan<float> bias, Span<float> scale, Span<float> shift)
    {
        var folded = parameters.Layers[layer].Layer;
        var factors = Values(ParameterKind.Scale);
        var summands = Values(ParameterKind.Shift);
        var means = Values(ParameterKind.RunningMean);
        var variances = Values(ParameterKind.RunningVariance);
        for (var c = 0; c < scale.Length; c++)
        {
            // In double: the shift is what is left of two larger numbers.
            (double Factor, double Mean, double Summand) affine = folded switch
            {
                BatchNorm norm => (factors[c] / Math.Sqrt(variances[c] + norm.Epsilon), means[c], summands[c]),
                Dsl.Scale { Constants: { } given } => (given.Factor, 0, given.Shift),
                Dsl.Scale => (factors[c], 0, summands[c]),
                _ => throw new NotSupportedException($"{folded} is no factor and shift per channel"),
            };
            scale[c] = (float)affine.Factor;
            shift[c] = (float)(affine.Summand + ((bias.IsEmpty ? 0 : bias[c]) - affine.Mean) * affine.Factor);
        }

        ReadOnlySpan<float> Values(ParameterKind kind) => parameters.TryGetValue(layer, kind, out var tensor) ? tensor.Read() : default;
    }
}
