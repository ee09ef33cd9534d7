using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay, PyTorch's form: d = g + λw, v = μv + d, w -= η(v), with
/// Nesterov w -= η(d + μv).
/// </summary>
sealed class Sgd(int parameters, ParameterGroup[] groups, double momentum, bool nesterov)
{
    /// <summary>v, laid out as <see cref="Parameters.Trained"/>.</summary>
    public float[] Velocity { get; } = new float[parameters];

    /// <summary>Length of the gradient of all that is not frozen; finite exactly if all of it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Norm(ReadOnlySpan<float> gradients)
    {
        // Sixteen partial sums on every machine, so that the same bits follow.
        var (lower, upper, rest) = (Vector512<double>.Zero, Vector512<double>.Zero, 0.0);
        foreach (var group in groups)
        {
            var g = gradients.Slice(group.Start, group.Length);
            ref var first = ref MemoryMarshal.GetReference(g);
            nuint i = 0, whole = (nuint)(g.Length - g.Length % Vector512<float>.Count);
            for (; i < whole; i += (nuint)Vector512<float>.Count)
            {
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref first, i));
                lower += low * low;
                upper += high * high;
            }
            foreach (var value in g[(int)whole..]) rest += (double)value * value;
        }
        return Math.Sqrt(Vector512.Sum(lower + upper) + rest);
    }

    /// <summary>Updates the weights.</summary>
    /// <param name="weights">w.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="rate">η.</param>
    /// <param name="scale">What the gradients are multiplied by to be g: below 1 where they are clipped.</param>
    public void Step(Span<float> weights, ReadOnlySpan<float> gradients, double rate, double scale = 1)
    {
        foreach (var (start, length, factor, decay) in groups)
            Update(weights.Slice(start, length), gradients.Slice(start, length), Velocity.AsSpan(start, length), (float)(rate * factor), (float)decay, (float)scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Update(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float rate, float decay, float scale)
    {
        var mu = (float)momentum;
        ref var weights = ref MemoryMarshal.GetReference(w);
        ref var gradients = ref MemoryMarshal.GetReference(g);
        ref var velocities = ref MemoryMarshal.GetReference(v);
        nuint at = 0, whole = (nuint)(w.Length - w.Length % Vector512<float>.Count);
        // No fused multiply-add: lanes and remainder must round alike.
        for (; at < whole; at += (nuint)Vector512<float>.Count)
        {
            var weight = Vector512.LoadUnsafe(ref weights, at);
            var d = Vector512.LoadUnsafe(ref gradients, at) * scale + weight * decay;
            var velocity = Vector512.LoadUnsafe(ref velocities, at) * mu + d;
            velocity.StoreUnsafe(ref velocities, at);
            (weight - (nesterov ? d + velocity * mu : velocity) * rate).StoreUnsafe(ref weights, at);
        }
        for (var i = (int)whole; i < w.Length; i++)
        {
            var d = g[i] * scale + w[i] * decay;
            v[i] = v[i] * mu + d;
            w[i] -= (nesterov ? d + v[i] * mu : v[i]) * rate;
        }
    }
}
