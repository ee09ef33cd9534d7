using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// Batch normalization with the statistics of the batch, and backward. Sums over a channel are made in two passes without
/// atomics, always in the same order: thread groups sum chunks of pixels, then a thread per channel sums the chunks.
/// </summary>
static class Normalization
{
    /// <summary>Most threads of a group: as many values as shared memory has room for.</summary>
    public const int MaxThreads = 256;

    /// <summary>Sums of the first pass. A group's threads are channels × pixels, as Group.Dim says.</summary>
    public struct Summing
    {
        /// <summary>The input of the normalization, the rectified result, the gradient of the result.</summary>
        public ArrayView<float> Input, Rectified, Gradient;

        /// <summary>Per chunk, channel by channel: of values; of squares or products.</summary>
        public ArrayView<float> Sums, Products;

        /// <summary>Mean of the batch, backward.</summary>
        public ArrayView<float> Mean;

        public int Channels, Pixels, ChunkPixels, IsRectified;
    }

    /// <summary>Sums of differences from the first pixel's values, and of their squares: small numbers, that do not cancel.</summary>
    public static void SumStatistics(Summing s)
    {
        var channel = Grid.IdxX * Group.DimX + Group.IdxX;
        float sum = 0, squares = 0;
        if (channel < s.Channels)
        {
            var pivot = s.Input[channel];
            var end = IntrinsicMath.Min(s.Pixels, (Grid.IdxY + 1) * s.ChunkPixels);
            for (var pixel = Grid.IdxY * s.ChunkPixels + Group.IdxY; pixel < end; pixel += Group.DimY)
            {
                var difference = s.Input[pixel * s.Channels + channel] - pivot;
                sum += difference;
                squares += difference * difference;
            }
        }
        Finish(s, channel, sum, squares);
    }

    /// <summary>
    /// Sums of the gradient and of its products with the centered input; first sets the gradient to zero, in place, where a
    /// ReLU after the normalization was not positive.
    /// </summary>
    public static void SumGradients(Summing s)
    {
        var channel = Grid.IdxX * Group.DimX + Group.IdxX;
        float sum = 0, products = 0;
        if (channel < s.Channels)
        {
            var mean = s.Mean[channel];
            var end = IntrinsicMath.Min(s.Pixels, (Grid.IdxY + 1) * s.ChunkPixels);
            for (var pixel = Grid.IdxY * s.ChunkPixels + Group.IdxY; pixel < end; pixel += Group.DimY)
            {
                var i = pixel * s.Channels + channel;
                var gradient = s.Gradient[i];
                if (s.IsRectified != 0 && !(s.Rectified[i] > 0)) s.Gradient[i] = gradient = 0;
                sum += gradient;
                products += gradient * (s.Input[i] - mean);
            }
        }
        Finish(s, channel, sum, products);
    }

    /// <summary>Sums of a gradient: that of a bias.</summary>
    public static void SumBias(Summing s)
    {
        var channel = Grid.IdxX * Group.DimX + Group.IdxX;
        var sum = 0f;
        if (channel < s.Channels)
        {
            var end = IntrinsicMath.Min(s.Pixels, (Grid.IdxY + 1) * s.ChunkPixels);
            for (var pixel = Grid.IdxY * s.ChunkPixels + Group.IdxY; pixel < end; pixel += Group.DimY)
                sum += s.Gradient[pixel * s.Channels + channel];
        }
        Finish(s, channel, sum, 0);
    }

    /// <summary>Adds up what the threads of a channel have.</summary>
    static void Finish(Summing s, int channel, float sum, float products)
    {
        var sums = SharedMemory.Allocate<float>(MaxThreads);
        var allProducts = SharedMemory.Allocate<float>(MaxThreads);
        var own = Group.IdxY * Group.DimX + Group.IdxX;
        (sums[own], allProducts[own]) = (sum, products);
        for (var half = Group.DimY >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxY < half)
            {
                sums[own] += sums[own + half * Group.DimX];
                allProducts[own] += allProducts[own + half * Group.DimX];
            }
        }
        if (Group.IdxY == 0 & channel < s.Channels)
        {
            s.Sums[Grid.IdxY * s.Channels + channel] = sums[own];
            s.Products[Grid.IdxY * s.Channels + channel] = allProducts[own];
        }
    }

    /// <summary>Second pass forward: a thread for each channel.</summary>
    public struct Statistics
    {
        public ArrayView<float> Input, Sums, Products;

        /// <summary>Parameters of the layer.</summary>
        public ArrayView<float> Gamma, Beta, RunningMean, RunningVariance;

        /// <summary>Results: what normalizes, and what backward needs.</summary>
        public ArrayView<float> Scale, Shift, Mean, Deviation;

        public int Channels, Chunks, Count, MovesRunning;
        public float Epsilon, Momentum;
    }

    public static void FinishStatistics(Statistics s)
    {
        var channel = Grid.GlobalIndex.X;
        if (channel >= s.Channels) return;
        float sum = 0, squares = 0;
        for (var chunk = 0; chunk < s.Chunks; chunk++)
        {
            sum += s.Sums[chunk * s.Channels + channel];
            squares += s.Products[chunk * s.Channels + channel];
        }
        var difference = sum / s.Count;
        var mean = s.Input[channel] + difference;
        var squaredDeviations = IntrinsicMath.Max(0, squares - sum * difference);
        var deviation = MathF.Sqrt(squaredDeviations / s.Count + s.Epsilon);
        var factor = s.Gamma[channel] / deviation;
        s.Scale[channel] = factor;
        s.Shift[channel] = s.Beta[channel] - mean * factor;
        s.Mean[channel] = mean;
        s.Deviation[channel] = deviation;
        if (s.MovesRunning == 0) return;
        s.RunningMean[channel] += s.Momentum * (mean - s.RunningMean[channel]);
        // The batch is normalized with its variance; the running one estimates the population's, without bias.
        s.RunningVariance[channel] += s.Momentum * (squaredDeviations / (s.Count - 1) - s.RunningVariance[channel]);
    }

    /// <summary>Second pass backward: a thread for each channel.</summary>
    public struct Gradients
    {
        public ArrayView<float> Sums, Products, Gamma, Deviation;

        /// <summary>Results: gradients of the parameters, and what the input's gradient needs.</summary>
        public ArrayView<float> GammaGradient, BetaGradient, InputFactor, Constant;

        public int Channels, Chunks, Count;
    }

    public static void FinishGradients(Gradients g)
    {
        var channel = Grid.GlobalIndex.X;
        if (channel >= g.Channels) return;
        float sum = 0, products = 0;
        for (var chunk = 0; chunk < g.Chunks; chunk++)
        {
            sum += g.Sums[chunk * g.Channels + channel];
            products += g.Products[chunk * g.Channels + channel];
        }
        var deviation = g.Deviation[channel];
        var byGamma = products / deviation;
        g.GammaGradient[channel] = byGamma;
        g.BetaGradient[channel] = sum;
        // Mean and variance depend on every value of the batch: what is subtracted.
        var factor = g.Gamma[channel] / deviation;
        g.InputFactor[channel] = -factor * byGamma / deviation / g.Count;
        g.Constant[channel] = -factor * sum / g.Count;
    }

    /// <summary>Second pass of <see cref="SumBias"/>.</summary>
    public static void FinishBias(Gradients g)
    {
        var channel = Grid.GlobalIndex.X;
        if (channel >= g.Channels) return;
        var sum = 0f;
        for (var chunk = 0; chunk < g.Chunks; chunk++) sum += g.Sums[chunk * g.Channels + channel];
        g.BetaGradient[channel] = sum;
    }

    /// <summary>The input's gradient: a thread for each value.</summary>
    public struct Backward
    {
        public ArrayView<float> Input, Gradient, To, Mean, Scale, InputFactor, Constant;
        public FastDivisor Channels;
        public int Count, Accumulate;
    }

    public static void InputGradient(Backward b)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= b.Count) return;
        var channel = b.Channels.Remainder(i, b.Channels.Divide(i));
        var value = (b.Input[i] - b.Mean[channel]) * b.InputFactor[channel] + b.Constant[channel] + b.Gradient[i] * b.Scale[channel];
        b.To[i] = b.Accumulate != 0 ? b.To[i] + value : value;
    }
}
