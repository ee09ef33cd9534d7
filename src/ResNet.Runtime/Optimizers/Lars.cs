using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Layer-wise adaptive rate scaling for large batches (You et al. 2017, algorithm 1): with the local rate ρ = c·‖w‖ / (‖g‖ + λ‖w‖) of each tensor,
/// v = μv + ηρ(g + λw), w -= v. As in timm's, ρ is 1 where the weights or the gradient have length 0.
/// </summary>
/// <param name="Momentum">μ: the part of the last update that is kept; from 0 to below 1.</param>
/// <param name="Trust">c, the trust coefficient; above 0.</param>
/// <param name="AdaptAll">Whether the local rate also holds for tensors without weight decay, for which it is 1 otherwise, as timm's is.</param>
public sealed record Lars(double Momentum = 0.9, double Trust = 0.001, bool AdaptAll = false) : Optimizer
{
    static readonly string[] _state = ["velocity"];

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> State => _state;

    /// <inheritdoc/>
    public override void Check()
    {
        if (Momentum is not (>= 0 and < 1)) throw new ArgumentException($"{nameof(Momentum)} is {Momentum}; expected from 0 to below 1");
        if (!(Trust > 0 && double.IsFinite(Trust))) throw new ArgumentException($"{nameof(Trust)} is {Trust}; expected above 0");
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Update(in ParameterUpdate update)
    {
        var weights = update.Weights;
        var gradients = update.Gradient;
        var velocities = update.State(0);
        var (momentum, decay) = ((float)Momentum, (float)update.WeightDecay);
        var rate = (float)(update.Rate * LocalRate(update.WeightDecay, GradientNorm.Of(weights), GradientNorm.Of(gradients)));
        for (var at = 0; at < weights.Length; at += Lanes.Count)
        {
            var weight = Lanes.Load(weights, at);
            var velocity = Lanes.Load(velocities, at) * momentum + (Lanes.Load(gradients, at) + weight * decay) * rate;
            Lanes.Store(velocity, velocities, at);
            Lanes.Store(weight - velocity, weights, at);
        }
    }

    /// <summary>Whether the rate of a tensor follows from lengths.</summary>
    /// <param name="decay">The tensor's weight decay.</param>
    internal bool Adapts(double decay) => decay > 0 || AdaptAll;

    /// <summary>The factor ρ of a tensor's rate.</summary>
    /// <param name="decay">The tensor's weight decay.</param>
    /// <param name="weights">Length of its weights.</param>
    /// <param name="gradient">Length of its gradient.</param>
    internal double LocalRate(double decay, double weights, double gradient) =>
        Adapts(decay) && weights > 0 && gradient > 0 ? Trust * weights / (gradient + decay * weights) : 1;
}
