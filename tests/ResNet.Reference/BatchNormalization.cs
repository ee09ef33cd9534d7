using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>Batch normalization (Ioffe and Szegedy 2015), per channel over the batch, rows and columns.</summary>
sealed class BatchNormalization(BatchNorm layer, double[] scale, double[] shift, double[] runningMean, double[] runningVariance)
{
    /// <summary>With the running statistics.</summary>
    /// <param name="x">The batch.</param>
    /// <param name="record">Receives the gradients by scale and by shift.</param>
    public Step WithRunningStatistics(Values x, Action<double[], double[]> record)
    {
        var affine = Affine.Apply(Normalize(x, runningMean, runningVariance), scale, shift, record);
        return new(affine.Output, dy =>
        {
            var gradient = affine.Reverse(dy);
            return gradient.Map((i, c) => gradient[i] / Deviation(runningVariance[c]));
        });
    }

    /// <summary>With the batch's own statistics, which move the running ones.</summary>
    /// <param name="x">The batch; more than one value per channel.</param>
    /// <param name="record">Receives the gradients by scale and by shift.</param>
    public Step WithStatisticsOfBatch(Values x, Action<double[], double[]> record)
    {
        var count = x.Batch * x.PlaneSize;
        var mean = Array.ConvertAll(x.SumPerChannel((i, _) => x[i]), sum => sum / count);
        var squares = x.SumPerChannel((i, c) => (x[i] - mean[c]) * (x[i] - mean[c]));
        var variance = Array.ConvertAll(squares, sum => sum / count);
        for (var c = 0; c < mean.Length; c++)
        {
            runningMean[c] += layer.Momentum * (mean[c] - runningMean[c]);
            // The batch is normalized with its variance; the running one estimates the population's, without bias.
            runningVariance[c] += layer.Momentum * (squares[c] / (count - 1) - runningVariance[c]);
        }
        var normalized = Normalize(x, mean, variance);
        return new(Scale(normalized), dy =>
        {
            var scaleGradient = dy.SumPerChannel((i, _) => dy[i] * normalized[i]);
            var shiftGradient = dy.SumPerChannel((i, _) => dy[i]);
            record(scaleGradient, shiftGradient);
            // Mean and variance depend on every value of the batch: the last two terms.
            return dy.Map((i, c) => scale[c] / Deviation(variance[c])
                * (dy[i] - shiftGradient[c] / count - normalized[i] * scaleGradient[c] / count));
        });
    }

    Values Normalize(Values x, double[] mean, double[] variance) => x.Map((i, c) => (x[i] - mean[c]) / Deviation(variance[c]));

    Values Scale(Values normalized) => normalized.Map((i, c) => scale[c] * normalized[i] + shift[c]);

    double Deviation(double variance) => Math.Sqrt(variance + layer.Epsilon);
}
