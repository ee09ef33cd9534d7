using ILGPU;
using ILGPU.Algorithms;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Updates of weights by optimizers, and the average of the values that the weights pass through.</summary>
static class Optimizing
{
    public struct Update
    {
        public ArrayView<float> Weights, Gradients, Velocity;
        public float Rate, Decay, Momentum, Scale;
        public int Count, IsNesterov;
    }

    /// <summary>d = g + λw, v = μv + d, w -= η(v), with Nesterov w -= η(d + μv). A thread for each weight.</summary>
    public static void Descend(Update u)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= u.Count) return;
        var direction = u.Gradients[i] * u.Scale + u.Weights[i] * u.Decay;
        var velocity = u.Velocity[i] * u.Momentum + direction;
        u.Velocity[i] = velocity;
        u.Weights[i] -= (u.IsNesterov != 0 ? direction + velocity * u.Momentum : velocity) * u.Rate;
    }

    public struct AdamUpdate
    {
        public ArrayView<float> Weights, Gradients, Means, Squares;

        /// <summary>Receives what is to be taken away from the weights; of LAMB alone.</summary>
        public ArrayView<float> Direction;

        public float Rate, Decay, Scale, Epsilon;

        /// <summary>The parts of the averages that are kept, and those that are new.</summary>
        public float Beta1, Beta2, Part1, Part2;

        /// <summary>The divisors of the average of gradients and of the root of that of squares.</summary>
        public float Correction, Root;

        public int Count;
    }

    /// <summary>w -= ηλw + η·r, with Adam's direction r. A thread for each weight.</summary>
    public static void DescendAdamW(AdamUpdate u)
    {
        var i = Grid.GlobalIndex.X;
        if (i < u.Count) u.Weights[i] = u.Weights[i] * (1 - u.Rate * u.Decay) - AdamDirection(u, i) * u.Rate;
    }

    /// <summary>Computes LAMB's direction r + λw. A thread for each weight.</summary>
    public static void FindLambDirection(AdamUpdate u)
    {
        var i = Grid.GlobalIndex.X;
        if (i < u.Count) u.Direction[i] = AdamDirection(u, i) + u.Weights[i] * u.Decay;
    }

    /// <summary>Moves the averages of a weight.</summary>
    /// <returns>m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + ε).</returns>
    static float AdamDirection(AdamUpdate u, int i)
    {
        var gradient = u.Gradients[i] * u.Scale;
        var mean = u.Means[i] * u.Beta1 + gradient * u.Part1;
        var square = u.Squares[i] * u.Beta2 + gradient * gradient * u.Part2;
        u.Means[i] = mean;
        u.Squares[i] = square;
        return mean / u.Correction / (XMath.Sqrt(square) / u.Root + u.Epsilon);
    }

    public struct Following
    {
        public ArrayView<float> Weights, Direction;
        public float Rate;
        public int Count;
    }

    /// <summary>w -= η·u. A thread for each weight.</summary>
    public static void Follow(Following f)
    {
        var i = Grid.GlobalIndex.X;
        if (i < f.Count) f.Weights[i] -= f.Direction[i] * f.Rate;
    }

    public struct Squares
    {
        public ArrayView<float> Values, Sums;
        public int Count;
    }

    /// <summary>Sums of squares: one for each group, whose threads go through the values together.</summary>
    public static void SumSquares(Squares s)
    {
        var sums = SharedMemory.Allocate<float>(Normalization.MaxThreads);
        var sum = 0f;
        for (var i = Grid.GlobalIndex.X; i < s.Count; i += Grid.DimX * Group.DimX) sum += s.Values[i] * s.Values[i];
        sums[Group.IdxX] = sum;
        for (var half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxX < half) sums[Group.IdxX] += sums[Group.IdxX + half];
        }
        if (Group.IdxX == 0) s.Sums[Grid.IdxX] = sums[0];
    }

    public struct Averaging
    {
        public ArrayView<float> Average, Values;
        public float Part;
        public int Count;
    }

    /// <summary>Moves an average a part of the way. A thread for each value.</summary>
    public static void Average(Averaging a)
    {
        var i = Grid.GlobalIndex.X;
        if (i < a.Count) a.Average[i] += (a.Values[i] - a.Average[i]) * a.Part;
    }
}
