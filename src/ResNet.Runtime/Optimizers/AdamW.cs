using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2017, algorithm 2), in PyTorch's form, where the learning rate is a factor of the
/// decay, too: w -= ηλw, m = β₁m + (1 - β₁)g, v = β₂v + (1 - β₂)g², w -= η·m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + ε).
/// </summary>
/// <param name="Beta1">β₁: the part of the average of gradients that is kept; from 0 to below 1.</param>
/// <param name="Beta2">β₂: the part of the average of squared gradients that is kept; from 0 to below 1.</param>
/// <param name="Epsilon">ε, above 0.</param>
public sealed record AdamW(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : Optimizer
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
        var (rate, kept) = ((float)update.Rate, (float)(1 - update.Rate * update.WeightDecay));
        for (var at = 0; at < weights.Length; at += Lanes.Count)
        {
            moments.Move(gradients, means, squares, at);
            Lanes.Store(Lanes.Load(weights, at) * kept - moments.Direction(means, squares, at) * rate, weights, at);
        }
    }
}
