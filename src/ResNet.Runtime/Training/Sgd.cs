using System.Numerics;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Training;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay, PyTorch's form: d = g + λw, v = μv + d, w -= η(v), with
/// Nesterov w -= η(d + μv).
/// </summary>
sealed class Sgd(int parameters, ParameterGroup[] groups, double momentum, bool nesterov)
{
    /// <summary>v, laid out as <see cref="Parameters.Trained"/>.</summary>
    public float[] Velocity { get; } = new float[parameters];

    /// <summary>Length of the gradient of all that is not frozen; finite exactly if all of it is.</summary>
    public double Norm(ReadOnlySpan<float> gradients)
    {
        // Eight partial sums on every machine, so that the same bits follow.
        var sums = Vector512<double>.Zero;
        var rest = 0.0;
        foreach (var group in groups)
        {
            var g = gradients.Slice(group.Start, group.Length);
            for (; g.Length >= Vector256<float>.Count; g = g[Vector256<float>.Count..])
            {
                var (low, high) = Vector256.Widen(Vector256.Create(g));
                var wide = Vector512.Create(low, high);
                sums += wide * wide;
            }
            foreach (var value in g) rest += (double)value * value;
        }
        return Math.Sqrt(Vector512.Sum(sums) + rest);
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

    void Update(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float rate, float decay, float scale)
    {
        var mu = (float)momentum;
        var i = 0;
        // No fused multiply-add: lanes and remainder must round alike, whatever the vector's width.
        for (; i <= w.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(w[i..]);
            var d = new Vector<float>(g[i..]) * scale + weight * decay;
            var velocity = new Vector<float>(v[i..]) * mu + d;
            velocity.CopyTo(v[i..]);
            (weight - (nesterov ? d + velocity * mu : velocity) * rate).CopyTo(w[i..]);
        }
        for (; i < w.Length; i++)
        {
            var d = g[i] * scale + w[i] * decay;
            v[i] = v[i] * mu + d;
            w[i] -= (nesterov ? d + v[i] * mu : v[i]) * rate;
        }
    }
}
