using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// A factor and a shift per channel that the batch does not decide, forward and back: batch normalization with frozen
/// statistics, <c>scale · (x − mean) / deviation + shift</c>, or a scale layer, which is the same with mean 0 and deviation 1.
/// Forward is a sweep, by a <see cref="KernelEpilogue"/>; back is a sweep for two sums and one for the input's gradient.
/// </summary>
/// <param name="channels">Channels.</param>
/// <param name="parts">Number of parts of every sweep.</param>
sealed unsafe class FixedAffine(int channels, int parts) : IDisposable
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly int _lanes = (channels + Lanes - 1) / Lanes * Lanes;
    readonly ChannelSums _sums = new((channels + Lanes - 1) / Lanes, parts);
    readonly double[] _deviation = [.. Enumerable.Repeat(1.0, channels)];

    /// <summary>Rows of one float per channel, zeros in the lanes beyond the last: see the properties.</summary>
    readonly NativeBuffer _rows = new(4 * ((channels + Lanes - 1) / Lanes * Lanes));

    /// <summary>The factor of each value.</summary>
    public float* Scale => _rows.Data;

    /// <summary>The shift that is then added.</summary>
    public float* Shift => _rows.Data + _lanes;

    float* Mean => _rows.Data + 2 * _lanes;

    float* Zeros => _rows.Data + 3 * _lanes;

    /// <summary>The values of <see cref="Scale"/>, to be written.</summary>
    public Span<float> Scales => new(Scale, channels);

    /// <summary>The values of <see cref="Shift"/>, to be written.</summary>
    public Span<float> Shifts => new(Shift, channels);

    /// <summary>Takes the statistics of a frozen batch normalization, on which the gradient of the factor depends.</summary>
    /// <param name="mean">The running mean.</param>
    /// <param name="variance">The running variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public void SetStatistics(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, double epsilon)
    {
        mean.CopyTo(new(Mean, channels));
        for (var c = 0; c < channels; c++) _deviation[c] = Math.Sqrt(variance[c] + epsilon);
    }

    /// <summary>Sums one part of what the gradients of factor and shift need, as <see cref="AffineGradients.Sum"/> does.</summary>
    /// <param name="input">The input of the layer.</param>
    /// <param name="rectified">The rectified value; null where there is no ReLU.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    public void SumGradients(FeatureMaps input, FeatureMaps rectified, FeatureMaps gradient, int batch, int part) =>
        AffineGradients.Sum(_sums, Mean, input, rectified, gradient, batch, part);

    /// <summary>Makes the gradients of factor and shift of the sums.</summary>
    /// <param name="scaleGradient">Receives the factor's gradient.</param>
    /// <param name="shiftGradient">Receives the shift's.</param>
    public void FinishGradients(Span<float> scaleGradient, Span<float> shiftGradient)
    {
        for (var c = 0; c < channels; c++)
        {
            var (sum, products) = _sums[c];
            (scaleGradient[c], shiftGradient[c]) = ((float)(products / _deviation[c]), (float)sum);
        }
    }

    /// <summary>Computes one part of the input's gradient.</summary>
    /// <param name="gradient">The gradient of the result, masked.</param>
    /// <param name="target">The gradient of the input; may be <paramref name="gradient"/>.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    public void InputGradient(FeatureMaps gradient, FeatureMaps target, bool accumulate, int batch, int part)
    {
        var multiply = new KernelEpilogue { InnerScale = Scale, InnerShift = Zeros, Residual = accumulate ? target : default };
        ElementWise.Apply(gradient, target, multiply, batch, part, parts);
    }

    public void Dispose() => _rows.Dispose();
}
