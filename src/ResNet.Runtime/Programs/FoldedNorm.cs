using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>
/// A batch normalization with its running statistics, as one scale and one shift per channel:
/// <c>y = Scale · x + Shift</c>.
/// </summary>
readonly record struct FoldedNorm(float[] Scale, float[] Shift)
{
    /// <summary>Folds a layer.</summary>
    /// <param name="parameters">The parameters of the network.</param>
    /// <param name="layer">Index of the batch normalization.</param>
    /// <param name="bias">Bias of the convolution before it, or empty.</param>
    public static FoldedNorm Of(Parameters parameters, int layer, ReadOnlySpan<float> bias = default)
    {
        ReadOnlySpan<float> Values(ParameterKind kind) => parameters[layer, kind].Values;
        var gamma = Values(ParameterKind.Scale);
        var beta = Values(ParameterKind.Shift);
        var mean = Values(ParameterKind.RunningMean);
        var variance = Values(ParameterKind.RunningVariance);
        var epsilon = ((BatchNorm)parameters.Layers[layer].Layer).Epsilon;
        var (scale, shift) = (new float[gamma.Length], new float[gamma.Length]);
        for (var c = 0; c < gamma.Length; c++)
        {
            // In double: the shift is what is left of two larger numbers.
            var factor = gamma[c] / Math.Sqrt(variance[c] + epsilon);
            scale[c] = (float)factor;
            shift[c] = (float)(beta[c] + ((bias.IsEmpty ? 0 : bias[c]) - (double)mean[c]) * factor);
        }
        return new(scale, shift);
    }
}
