using ILGPU;
using ILGPU.Algorithms;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Softmax cross-entropy: of vectors, by a thread group for each image; of feature maps, by a thread for each position.</summary>
static class CrossEntropy
{
    public struct LogitTerms
    {
        public ArrayView<float> Logits, Gradient;
        public ArrayView<int> Labels;

        /// <summary>Of each position.</summary>
        public ArrayView<float> Weights;

        /// <summary>The divisor of the weighted sum of losses.</summary>
        public ArrayView<float> Divisor;

        /// <summary>
        /// Of vectors, per image, the weighted loss and whether it has weight and the greatest logit is the label's; of feature maps,
        /// per thread group, the sum of the weighted losses.
        /// </summary>
        public ArrayView<float> Results;

        /// <summary>Share of the target that is spread evenly over all classes, and the factor of the loss in the total.</summary>
        public float Smoothing, Factor;

        /// <summary>Number of classes, and of positions in the batch.</summary>
        public int Classes, Count;

        public readonly float Target(int channel, int label) => Smoothing / Classes + (channel == label ? 1 - Smoothing : 0);
    }

    public static void OfVectors(LogitTerms l)
    {
        var values = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        var image = Grid.IdxX;
        var first = image * l.Classes;
        var label = l.Labels[image];
        var weight = l.Weights[image];

        var greatest = float.NegativeInfinity;
        for (var c = Group.IdxX; c < l.Classes; c += Group.DimX) greatest = IntrinsicMath.Max(greatest, l.Logits[first + c]);
        greatest = GroupMax.Of(values, greatest);

        // Shifting all scores changes nothing but keeps the exponentials finite.
        float sum = 0, mean = 0;
        for (var c = Group.IdxX; c < l.Classes; c += Group.DimX)
        {
            var score = l.Logits[first + c] - greatest;
            sum += XMath.Exp(score);
            mean += score;
        }
        sum = GroupSum.Of(values, sum);
        mean = GroupSum.Of(values, mean) / l.Classes;

        // Of equal logits the first is the guess: it is the label if none before it is as great.
        var before = 0f;
        for (var c = Group.IdxX; c < label; c += Group.DimX)
            if (l.Logits[first + c] == greatest) before = 1;
        before = GroupSum.Of(values, before);

        var logSum = XMath.Log(sum);
        var own = l.Logits[first + label] - greatest;
        var scale = weight * l.Factor;
        Group.Barrier();
        for (var c = Group.IdxX; c < l.Classes; c += Group.DimX)
            l.Gradient[first + c] = weight == 0 ? 0 : (XMath.Exp(l.Logits[first + c] - greatest - logSum) - l.Target(c, label)) * scale / l.Divisor[0];
        if (Group.IdxX != 0) return;
        l.Results[2 * image] = weight == 0 ? 0 : (logSum - (1 - l.Smoothing) * own - l.Smoothing * mean) * weight;
        l.Results[2 * image + 1] = own == 0 & before == 0 & weight > 0 ? 1 : 0;
    }

    public static void AtPositions(LogitTerms l)
    {
        var values = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        var position = Grid.GlobalIndex.X;
        var loss = position < l.Count ? AtPosition(l, position) : 0;
        loss = GroupSum.Of(values, loss);
        if (Group.IdxX == 0) l.Results[Grid.IdxX] = loss;
    }

    /// <summary>The weighted loss of a position; stores its gradient.</summary>
    static float AtPosition(LogitTerms l, int position)
    {
        var first = position * l.Classes;
        var label = l.Labels[position];
        var weight = l.Weights[position];
        var greatest = float.NegativeInfinity;
        for (var c = 0; c < l.Classes; c++) greatest = IntrinsicMath.Max(greatest, l.Logits[first + c]);
        float sum = 0, mean = 0;
        for (var c = 0; c < l.Classes; c++)
        {
            var score = l.Logits[first + c] - greatest;
            sum += XMath.Exp(score);
            mean += score;
        }
        var logSum = XMath.Log(sum);
        var own = l.Logits[first + label] - greatest;
        var scale = weight * l.Factor;
        for (var c = 0; c < l.Classes; c++)
            l.Gradient[first + c] = weight == 0 ? 0 : (XMath.Exp(l.Logits[first + c] - greatest - logSum) - l.Target(c, label)) * scale / l.Divisor[0];
        return weight == 0 ? 0 : (logSum - (1 - l.Smoothing) * own - l.Smoothing * (mean / l.Classes)) * weight;
    }
}
