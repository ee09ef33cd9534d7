using ResNet.Dsl;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Programs;

/// <summary>
/// What a layer drops while training. It follows from the seed, the layer and the step, so that every device drops the same, again and
/// again in one step.
/// </summary>
/// <param name="Rate">Probability of zero.</param>
/// <param name="Random">The layer's stream of random numbers.</param>
/// <param name="Span">Neighboring values, in PyTorch's order, that share a number of the stream.</param>
readonly record struct DropRule(double Rate, CounterRandom Random, int Span)
{
    /// <summary>The bits of a position within a step; the step's number stands above them.</summary>
    public const int StepBits = 36;

    /// <summary>The factor of kept values.</summary>
    public float Growth => (float)(1 / (1 - Rate));

    /// <summary>The rule of a layer.</summary>
    /// <param name="row">Dropout or stochastic depth.</param>
    /// <param name="layers">The unrolled network.</param>
    /// <param name="seed">Seed of the training session.</param>
    public static DropRule Of(LayerInstance row, IReadOnlyList<LayerInstance> layers, ulong seed)
    {
        // Layers without parameters may share a name.
        var random = new CounterRandom(seed, $"{row.Name} {row.Index}");
        return row.Layer switch
        {
            Dropout drop => new(drop.Rate, random, 1),
            StochasticDepth depth => new(depth.RateAt(row.Index, layers), random, (int)row.Input.Elements),
            _ => throw new NotSupportedException($"{row.Layer} drops nothing"),
        };
    }

    /// <summary>Whether values are kept in a step.</summary>
    /// <param name="number">The position of their number among the step's: that of the first value, divided by <see cref="Span"/>.</param>
    /// <param name="step">Number of the step.</param>
    public bool Keeps(long number, long step) => Random.Uniform((step << StepBits) + number) >= Rate;
}
