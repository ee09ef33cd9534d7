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
        var row = parameters.Layers[layer];
        var (scale, shift) = (new float[row.Input.Channels], new float[row.Input.Channels]);
        for (var c = 0; c < scale.Length; c++)
        {
            // In double: the shift is what is left of two larger numbers.
            var (factor, mean, summand) = row.Layer switch
            {
                BatchNorm norm => (Of(ParameterKind.Scale, c) / Math.Sqrt(Of(ParameterKind.RunningVariance, c) + norm.Epsilon), Of(ParameterKind.RunningMean, c), Of(ParameterKind.Shift, c)),
                Dsl.Scale { Constants: { } given } => (given.Factor, 0, given.Shift),
                Dsl.Scale => (Of(ParameterKind.Scale, c), 0, Of(ParameterKind.Shift, c)),
                _ => throw new NotSupportedException($"{row.Layer} is no factor and shift per channel"),
            };
            scale[c] = (float)factor;
            shift[c] = (float)(summand + ((bias.IsEmpty ? 0 : bias[c]) - mean) * factor);
        }
        return new(scale, shift);

        double Of(ParameterKind kind, int channel) => parameters[layer, kind].Values[channel];
    }
}
