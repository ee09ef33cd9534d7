using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay, PyTorch's form: d = g + λw, v = μv + d, w -= η(v), with
/// Nesterov w -= η(d + μv).
/// </summary>
/// <param name="Momentum">μ: the part of the last update that is kept; from 0 to below 1.</param>
/// <param name="Nesterov">Whether the gradient is taken where the momentum leads to (Nesterov).</param>
public sealed record Sgd(double Momentum = 0.9, bool Nesterov = false) : Optimizer
{
    static readonly string[] _state = ["velocity"];

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> State => _state;

    /// <inheritdoc/>
    public override void Check()
    {
        if (Momentum is not (>= 0 and < 1)) throw new ArgumentException($"{nameof(Momentum)} is {Momentum}; expected from 0 to below 1");
        if (Nesterov && Momentum == 0) throw new ArgumentException($"{nameof(Momentum)} is 0; expected above 0 with Nesterov");
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Update(in ParameterUpdate update)
    {
        var w = update.Weights;
        var g = update.Gradient;
        var v = update.State(0);
        var (mu, rate, decay, nesterov) = ((float)Momentum, (float)update.Rate, (float)update.WeightDecay, Nesterov);
        ref var weights = ref MemoryMarshal.GetReference(w);
        ref var gradients = ref MemoryMarshal.GetReference(g);
        ref var velocities = ref MemoryMarshal.GetReference(v);
        nuint at = 0, whole = (nuint)(w.Length - w.Length % Vector512<float>.Count);
        // No fused multiply-add: lanes and remainder must round alike.
        for (; at < whole; at += (nuint)Vector512<float>.Count)
        {
            var weight = Vector512.LoadUnsafe(ref weights, at);
            var d = Vector512.LoadUnsafe(ref gradients, at) + weight * decay;
            var velocity = Vector512.LoadUnsafe(ref velocities, at) * mu + d;
            velocity.StoreUnsafe(ref velocities, at);
            (weight - (nesterov ? d + velocity * mu : velocity) * rate).StoreUnsafe(ref weights, at);
        }
        for (var i = (int)whole; i < w.Length; i++)
        {
            var d = g[i] + w[i] * decay;
            v[i] = v[i] * mu + d;
            w[i] -= (nesterov ? d + v[i] * mu : v[i]) * rate;
        }
    }
}
