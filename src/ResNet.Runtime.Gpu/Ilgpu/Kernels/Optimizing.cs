using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Stochastic gradient descent, and the average of what it passes through.</summary>
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
