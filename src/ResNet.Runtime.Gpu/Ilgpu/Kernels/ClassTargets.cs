using ILGPU;
using ILGPU.Algorithms;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Losses of vectors that have a target for each class: by a thread group for each image.</summary>
static class ClassTargets
{
    public struct Terms
    {
        public ArrayView<float> Logits, Gradient, Targets;

        /// <summary>Of each image for softmax, of each value for the sigmoid.</summary>
        public ArrayView<float> Weights;

        /// <summary>The divisor of the weighted sum of losses.</summary>
        public ArrayView<float> Divisor;

        /// <summary>Per image, the weighted loss and whether the guess was right.</summary>
        public ArrayView<float> Results;

        /// <summary>Share of the target that is spread evenly over all classes, and the factor of the loss in the total.</summary>
        public float Smoothing, Factor;

        public int Classes;

        public readonly float Target(int at) => Smoothing / Classes + (1 - Smoothing) * Targets[at];
    }

    /// <summary>Softmax cross-entropy with a share of each class.</summary>
    public static void Softmax(Terms t)
    {
        var values = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        var image = Grid.IdxX;
        var first = image * t.Classes;
        var weight = t.Weights[image];
        var greatest = float.NegativeInfinity;
        for (var c = Group.IdxX; c < t.Classes; c += Group.DimX) greatest = IntrinsicMath.Max(greatest, t.Logits[first + c]);
        greatest = GroupMax.Of(values, greatest);
        float sum = 0, share = 0, own = 0;
        for (var c = Group.IdxX; c < t.Classes; c += Group.DimX)
        {
            var score = t.Logits[first + c] - greatest;
            sum += XMath.Exp(score);
            share += t.Target(first + c);
            own += t.Target(first + c) * score;
        }
        var logSum = XMath.Log(GroupSum.Of(values, sum));
        share = GroupSum.Of(values, share);
        own = GroupSum.Of(values, own);
        for (var c = Group.IdxX; c < t.Classes; c += Group.DimX)
            t.Gradient[first + c] = weight == 0 ? 0
                : (share * XMath.Exp(t.Logits[first + c] - greatest - logSum) - t.Target(first + c)) * (weight * t.Factor) / t.Divisor[0];
        if (Group.IdxX != 0) return;
        t.Results[2 * image] = weight == 0 ? 0 : (share * logSum - own) * weight;
        t.Results[2 * image + 1] = weight > 0 ? IsRight(t, first) : 0;
    }

    /// <summary>Cross-entropy of the sigmoid of each value.</summary>
    public static void Sigmoid(Terms t)
    {
        var values = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        var image = Grid.IdxX;
        var first = image * t.Classes;
        var loss = 0f;
        for (var c = Group.IdxX; c < t.Classes; c += Group.DimX)
        {
            var (x, target, weight) = (t.Logits[first + c], t.Targets[first + c], t.Weights[first + c]);
            // Never overflows: at most 1.
            var exp = XMath.Exp(-IntrinsicMath.Abs(x));
            if (weight != 0) loss += weight * (IntrinsicMath.Max(x, 0f) - x * target + XMath.Log(1 + exp));
            t.Gradient[first + c] = weight == 0 ? 0 : ((x < 0 ? exp : 1) / (1 + exp) - target) * (weight * t.Factor) / t.Divisor[0];
        }
        loss = GroupSum.Of(values, loss);
        if (Group.IdxX != 0) return;
        t.Results[2 * image] = loss;
        t.Results[2 * image + 1] = IsRight(t, first);
    }

    /// <summary>
    /// 1 if the first of the greatest logits and the first of the greatest targets are of the same class, else 0. For one thread: the others are done.
    /// </summary>
    static int IsRight(Terms t, int first)
    {
        int guess = first, label = first;
        for (var at = first + 1; at < first + t.Classes; at++)
        {
            if (t.Logits[at] > t.Logits[guess]) guess = at;
            if (t.Targets[at] > t.Targets[label]) label = at;
        }
        return guess == label ? 1 : 0;
    }
}
