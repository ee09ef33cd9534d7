using ILGPU;
using ILGPU.Algorithms;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Softmax cross-entropy: a thread group for each image.</summary>
static class CrossEntropy
{
    public struct Loss
    {
        public ArrayView<float> Logits, Gradient;
        public ArrayView<int> Labels;

        /// <summary>Per image, the loss and whether the greatest logit is the label's.</summary>
        public ArrayView<float> Results;

        /// <summary>Share of the target that is spread evenly over all classes.</summary>
        public float Smoothing;

        public int Classes, Batch;
    }

    public static void Run(Loss l)
    {
        var values = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        var image = Grid.IdxX;
        var first = image * l.Classes;
        var label = l.Labels[image];
        var smoothing = l.Smoothing;

        var greatest = float.NegativeInfinity;
        for (var c = Group.IdxX; c < l.Classes; c += Group.DimX) greatest = IntrinsicMath.Max(greatest, l.Logits[first + c]);
        values[Group.IdxX] = greatest;
        for (var half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxX < half) values[Group.IdxX] = IntrinsicMath.Max(values[Group.IdxX], values[Group.IdxX + half]);
        }
        Group.Barrier();
        greatest = values[0];
        Group.Barrier();

        // Shifting all scores changes nothing but keeps the exponentials finite.
        float sum = 0, mean = 0;
        for (var c = Group.IdxX; c < l.Classes; c += Group.DimX)
        {
            var score = l.Logits[first + c] - greatest;
            sum += XMath.Exp(score);
            mean += score;
        }
        sum = GroupSum(values, sum);
        mean = GroupSum(values, mean) / l.Classes;

        // Of equal logits the first is the guess: it is the label if none before it is as great.
        var before = 0f;
        for (var c = Group.IdxX; c < label; c += Group.DimX)
            if (l.Logits[first + c] == greatest) before = 1;
        before = GroupSum(values, before);

        var logSum = XMath.Log(sum);
        var own = l.Logits[first + label] - greatest;
        Group.Barrier();
        for (var c = Group.IdxX; c < l.Classes; c += Group.DimX)
        {
            var target = smoothing / l.Classes + (c == label ? 1 - smoothing : 0);
            l.Gradient[first + c] = (XMath.Exp(l.Logits[first + c] - greatest - logSum) - target) / l.Batch;
        }
        if (Group.IdxX != 0) return;
        l.Results[2 * image] = logSum - (1 - smoothing) * own - smoothing * mean;
        l.Results[2 * image + 1] = own == 0 & before == 0 ? 1 : 0;
    }

    static float GroupSum(ArrayView<float> values, float own)
    {
        values[Group.IdxX] = own;
        for (var half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxX < half) values[Group.IdxX] += values[Group.IdxX + half];
        }
        Group.Barrier();
        var sum = values[0];
        Group.Barrier();
        return sum;
    }
}
