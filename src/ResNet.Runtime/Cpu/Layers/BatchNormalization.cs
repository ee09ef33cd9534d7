using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>The parameters of a batch normalization, of which a step reads the first two and moves the others.</summary>
readonly ref struct NormParameters
{
    public ReadOnlySpan<float> Scale { get; init; }
    public ReadOnlySpan<float> Shift { get; init; }
    public Span<float> RunningMean { get; init; }
    public Span<float> RunningVariance { get; init; }
}

/// <summary>
/// Batch normalization with the statistics of the batch (Ioffe and Szegedy 2015), forward and back. Forward is a sweep for
/// the statistics and one that normalizes, by an <see cref="KernelEpilogue"/>; back is a sweep for two sums and one for the
/// gradient.
/// </summary>
/// <param name="channels">Channels.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="momentum">Weight of the batch in the running statistics.</param>
/// <param name="parts">Number of parts of every sweep.</param>
sealed unsafe class BatchNormalization(int channels, double epsilon, double momentum, int parts) : IDisposable
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly int _lanes = (channels + Lanes - 1) / Lanes * Lanes;
    readonly ChannelSums _sums = new((channels + Lanes - 1) / Lanes, parts);
    readonly double[] _deviation = new double[channels];
    // Of the batch, then of all ranks' batches: means and sums of squared deviations, and on the way back the two sums of gradients.
    readonly double[] _first = new double[channels], _second = new double[channels];

    /// <summary>Rows of one float per channel, zeros in the lanes beyond the last: see the properties.</summary>
    readonly NativeBuffer _rows = new(6 * ((channels + Lanes - 1) / Lanes * Lanes));

    /// <summary>
    /// A value of the batch for each channel, near its mean: squares of differences from it do not cancel
    /// (Chan, Golub and LeVeque 1983).
    /// </summary>
    float* Pivot => _rows.Data;

    /// <summary>The factors of the normalization, once <see cref="FinishStatistics"/> is done.</summary>
    public float* Scale => _rows.Data + _lanes;

    /// <summary>The shifts that it then adds.</summary>
    public float* Shift => _rows.Data + 2 * _lanes;

    float* Mean => _rows.Data + 3 * _lanes;
    float* InputFactor => _rows.Data + 4 * _lanes;
    float* Constant => _rows.Data + 5 * _lanes;

    /// <summary>Takes statistics over the batches of all ranks; null for those of this batch.</summary>
    public RankStatistics? Ranks { get; set; }

    /// <summary>Sums one part of what the statistics need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SumStatistics(FeatureMaps input, int batch, int part)
    {
        var layout = input.Layout;
        _sums.Clear(part);
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
            for (var block = 0; block < layout.Blocks; block++)
            {
                var pivot = Vector512.Load(input.At(0, block, 0, 0));
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var row = input.At(strip.Image, block, y, 0);
                    Vector512<float> sum = default, squares = default;
                    for (var x = 0; x < layout.Width; x++)
                    {
                        var difference = Vector512.Load(row + x * Lanes) - pivot;
                        sum += difference;
                        squares = Vector512.MultiplyAddEstimate(difference, difference, squares);
                    }
                    _sums.Add(part, block, sum, squares);
                }
            }
        if (part != 0) return;
        for (var block = 0; block < layout.Blocks; block++)
            Vector512.Load(input.At(0, block, 0, 0)).Store(Pivot + block * Lanes);
    }

    /// <summary>Makes the statistics of the sums, and the scale and shift that normalize; moves the running statistics.</summary>
    /// <param name="parameters">The layer's.</param>
    /// <param name="count">Values per channel in the batch; more than one.</param>
    public void FinishStatistics(in NormParameters parameters, long count)
    {
        for (var c = 0; c < channels; c++)
        {
            var (sum, squares) = _sums[c];
            (_first[c], _second[c]) = (Pivot[c] + sum / count, Math.Max(0, squares - sum * sum / count));
        }
        count = Ranks?.Combine(_first, _second, count) ?? count;
        for (var c = 0; c < channels; c++)
        {
            var (mean, squaredDeviations) = (_first[c], _second[c]);
            _deviation[c] = Math.Sqrt(squaredDeviations / count + epsilon);
            var factor = parameters.Scale[c] / _deviation[c];
            Scale[c] = (float)factor;
            Shift[c] = (float)(parameters.Shift[c] - mean * factor);
            Mean[c] = (float)mean;
            parameters.RunningMean[c] += (float)(momentum * (mean - parameters.RunningMean[c]));
            // The batch is normalized with its variance; the running one estimates the population's, without bias.
            parameters.RunningVariance[c] += (float)(momentum * (squaredDeviations / (count - 1) - parameters.RunningVariance[c]));
        }
    }

    /// <summary>
    /// Sums one part of what the gradients need; first sets the gradient to zero, in place, where a ReLU after the
    /// normalization was not positive.
    /// </summary>
    /// <param name="input">The input of the normalization.</param>
    /// <param name="rectified">The rectified value; null where there is no ReLU.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    public void SumGradients(FeatureMaps input, FeatureMaps rectified, FeatureMaps gradient, int batch, int part) =>
        AffineGradients.Sum(_sums, Mean, input, rectified, gradient, batch, part);

    /// <summary>Makes the gradients of scale and shift of the sums.</summary>
    /// <param name="scale">The layer's scale.</param>
    /// <param name="scaleGradient">Receives its gradient.</param>
    /// <param name="shiftGradient">Receives the shift's.</param>
    /// <param name="count">Values per channel in the batch.</param>
    public void FinishGradients(ReadOnlySpan<float> scale, Span<float> scaleGradient, Span<float> shiftGradient, long count)
    {
        for (var c = 0; c < channels; c++)
        {
            var (sum, products) = _sums[c];
            (_first[c], _second[c]) = (sum, products / _deviation[c]);
            (scaleGradient[c], shiftGradient[c]) = ((float)_second[c], (float)sum);
        }
        count = Ranks?.Add(_first, _second, count) ?? count;
        for (var c = 0; c < channels; c++)
        {
            // Mean and variance depend on every value of the batch: what is subtracted.
            var factor = scale[c] / _deviation[c];
            InputFactor[c] = (float)(-factor * _second[c] / _deviation[c] / count);
            Constant[c] = (float)(-factor * _first[c] / count);
        }
    }

    /// <summary>Computes one part of the input's gradient.</summary>
    /// <param name="input">The input of the normalization.</param>
    /// <param name="gradient">The gradient of the result, masked.</param>
    /// <param name="target">The gradient of the input; may be <paramref name="gradient"/>.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InputGradient(FeatureMaps input, FeatureMaps gradient, FeatureMaps target, bool accumulate, int batch, int part)
    {
        var layout = target.Layout;
        nint width = layout.Width * Lanes;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
            for (var block = 0; block < layout.Blocks; block++)
            {
                var mean = Vector512.Load(Mean + block * Lanes);
                var factor = Vector512.Load(Scale + block * Lanes);
                var inputFactor = Vector512.Load(InputFactor + block * Lanes);
                var constant = Vector512.Load(Constant + block * Lanes);
                var from = input.At(strip.Image, block, strip.FirstRow, 0);
                var row = gradient.At(strip.Image, block, strip.FirstRow, 0);
                var to = target.At(strip.Image, block, strip.FirstRow, 0);
                for (var rows = strip.EndRow - strip.FirstRow; rows > 0; rows--)
                {
                    for (nint x = 0; x < width; x += Lanes)
                    {
                        var value = Vector512.MultiplyAddEstimate(Vector512.Load(from + x) - mean, inputFactor, constant);
                        value = Vector512.MultiplyAddEstimate(Vector512.Load(row + x), factor, value);
                        if (accumulate) value += Vector512.Load(to + x);
                        value.Store(to + x);
                    }
                    from += input.Layout.RowStride;
                    row += gradient.Layout.RowStride;
                    to += layout.RowStride;
                }
                target.ClearHalo(strip.Image, block, block + 1, strip.FirstRow, strip.EndRow);
            }
    }

    public void Dispose() => _rows.Dispose();
}
