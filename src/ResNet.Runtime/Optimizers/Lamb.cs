using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Layer-wise adaptive moments for large batches (You et al. 2019, algorithm 2), in timm's form: with Adam's direction r, u = r + λw and
/// w -= η·‖w‖/‖u‖·u, by the lengths of each tensor; the ratio is 1 where one of them is 0. What timm's also does, scaling the whole gradient down
/// to length 1, is <see cref="Training.TrainerOptions.MaxGradientNorm"/>.
/// </summary>
/// <param name="Beta1">β₁: the part of the average of gradients that is kept; from 0 to below 1.</param>
/// <param name="Beta2">β₂: the part of the average of squared gradients that is kept; from 0 to below 1.</param>
/// <param name="Epsilon">The number that is added to the root of the average of squares; above 0.</param>
/// <param name="AdaptAll">Whether the ratio also holds for tensors without weight decay, whose ratio is 1 otherwise, as timm's is.</param>
public sealed record Lamb(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-6, bool AdaptAll = false) : Optimizer
{
    static readonly string[] _state = ["mean", "square"];

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> State => _state;

    /// <inheritdoc/>
    public override void Check() => Moments.Check(Beta1, Beta2, Epsilon);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Update(in ParameterUpdate update)
    {
        var weights = update.Weights;
        var gradients = update.Gradient;
        var means = update.State(0);
        var squares = update.State(1);
        var moments = new Moments(Beta1, Beta2, Epsilon, update.Step);
        var decay = (float)update.WeightDecay;
        var (lower, upper) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var at = 0; at < weights.Length; at += Lanes.Count)
        {
            moments.Move(gradients, means, squares, at);
            var (low, high) = Vector512.Widen(moments.Direction(means, squares, at) + Lanes.Load(weights, at) * decay);
            lower += low * low;
            upper += high * high;
        }
        var rate = (float)(update.Rate * Ratio(update.WeightDecay, GradientNorm.Of(weights), Math.Sqrt(Vector512.Sum(lower + upper))));
        for (var at = 0; at < weights.Length; at += Lanes.Count)
        {
            var weight = Lanes.Load(weights, at);
            Lanes.Store(weight - (moments.Direction(means, squares, at) + weight * decay) * rate, weights, at);
        }
    }

    /// <summary>Whether the rate of a tensor follows from lengths.</summary>
    /// <param name="decay">The tensor's weight decay.</param>
    internal bool Adapts(double decay) => decay > 0 || AdaptAll;

    /// <summary>The factor of a tensor's rate.</summary>
    /// <param name="decay">The tensor's weight decay.</param>
    /// <param name="weights">Length of its weights.</param>
    /// <param name="direction">Length of what is taken away from them, before any factor.</param>
    internal double Ratio(double decay, double weights, double direction) =>
        Adapts(decay) && weights > 0 && direction > 0 ? weights / direction : 1;
}
