using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>A factor and a shift per channel that do not depend on the batch. Their gradients are summed as <see cref="Normalization"/>'s.</summary>
static class Affine
{
    /// <summary>Folds a layer's parameters, which change with every step: a thread for each channel.</summary>
    public struct Folding
    {
        /// <summary>Parameters of the layer; the statistics are read only if <see cref="IsNormalized"/> is set.</summary>
        public ArrayView<float> Gamma, Beta, RunningMean, RunningVariance;

        /// <summary>Results: y = scale · x + shift, and what backward needs.</summary>
        public ArrayView<float> Scale, Shift, Mean, Deviation;

        public int Channels, IsNormalized;
        public float Epsilon;
    }

    public static void Fold(Folding f)
    {
        var channel = Grid.GlobalIndex.X;
        if (channel >= f.Channels) return;
        float mean = 0, deviation = 1;
        if (f.IsNormalized != 0)
        {
            mean = f.RunningMean[channel];
            deviation = MathF.Sqrt(f.RunningVariance[channel] + f.Epsilon);
        }
        var factor = f.Gamma[channel] / deviation;
        f.Scale[channel] = factor;
        f.Shift[channel] = f.Beta[channel] - mean * factor;
        f.Mean[channel] = mean;
        f.Deviation[channel] = deviation;
    }

    /// <summary>The input's gradient: a thread for each value.</summary>
    public struct Backward
    {
        public ArrayView<float> Gradient, To, Scale;
        public FastDivisor Channels;
        public int Count, Accumulate;
    }

    public static void InputGradient(Backward b)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= b.Count) return;
        var value = b.Gradient[i] * b.Scale[b.Channels.Remainder(i, b.Channels.Divide(i))];
        b.To[i] = b.Accumulate != 0 ? b.To[i] + value : value;
    }
}
