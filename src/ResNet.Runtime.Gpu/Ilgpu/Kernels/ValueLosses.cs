using ILGPU;
using ILGPU.Algorithms;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Losses that each value has by itself: a thread for each. A weight of zero takes a value out, even one that is not a number.</summary>
static class ValueLosses
{
    public struct ValueTerms
    {
        public ArrayView<float> Values, Gradient;

        /// <summary>Of each value, in PyTorch's order.</summary>
        public ArrayView<float> Targets, Weights;

        /// <summary>The divisor of the weighted sum of losses.</summary>
        public ArrayView<float> Divisor;

        /// <summary>Per thread group, the sum of the weighted losses.</summary>
        public ArrayView<float> Results;

        public Images Images;

        /// <summary>The factor of the loss in the total, and where smooth L1's parabola becomes a line.</summary>
        public float Factor, Beta;

        public int Count;
    }

    /// <summary>Cross-entropy of the sigmoid.</summary>
    public static void Sigmoid(ValueTerms l)
    {
        float loss = 0, slope = 0, weight = 0;
        var i = Grid.GlobalIndex.X;
        if (i < l.Count)
        {
            var at = l.Images.Nchw(l.Images.At(i));
            var (x, target) = (l.Values[i], l.Targets[at]);
            weight = l.Weights[at];
            // Never overflows: at most 1.
            var exp = XMath.Exp(-IntrinsicMath.Abs(x));
            loss = IntrinsicMath.Max(x, 0f) - x * target + XMath.Log(1 + exp);
            slope = (x < 0 ? exp : 1) / (1 + exp) - target;
        }
        Finish(l, i, loss, slope, weight);
    }

    public static void SmoothL1(ValueTerms l)
    {
        float loss = 0, slope = 0, weight = 0;
        var i = Grid.GlobalIndex.X;
        if (i < l.Count)
        {
            var at = l.Images.Nchw(l.Images.At(i));
            var difference = l.Values[i] - l.Targets[at];
            var distance = IntrinsicMath.Abs(difference);
            weight = l.Weights[at];
            loss = distance < l.Beta ? difference * difference / (2 * l.Beta) : distance - l.Beta / 2;
            // A value that is not a number stays so.
            slope = distance < l.Beta ? difference / l.Beta : difference > 0 ? 1 : difference < 0 ? -1 : difference;
        }
        Finish(l, i, loss, slope, weight);
    }

    /// <summary>The targets are the gradient; the loss remains with the caller.</summary>
    public static void Supplied(ValueTerms l)
    {
        float slope = 0, weight = 0;
        var i = Grid.GlobalIndex.X;
        if (i < l.Count)
        {
            var at = l.Images.Nchw(l.Images.At(i));
            (slope, weight) = (l.Targets[at], l.Weights[at]);
        }
        Finish(l, i, 0, slope, weight);
    }

    /// <summary>Stores a value's gradient, and adds up the losses of the group.</summary>
    static void Finish(ValueTerms l, int i, float loss, float slope, float weight)
    {
        var values = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        if (i < l.Count) l.Gradient[i] = weight == 0 ? 0 : slope * (weight * l.Factor) / l.Divisor[0];
        loss = GroupSum.Of(values, weight == 0 ? 0 : loss * weight);
        if (Group.IdxX == 0) l.Results[Grid.IdxX] = loss;
    }
}
