using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Training;

/// <summary>Draws from the distribution Beta(α, α): the share that one of two gamma variables has in their sum.</summary>
static class BetaDraw
{
    /// <summary>Draws a number from 0 to 1.</summary>
    /// <param name="random">The stream, which belongs to this number.</param>
    /// <param name="alpha">α, above 0.</param>
    public static double Of(CounterRandom random, double alpha)
    {
        // By logarithms, since a gamma variable of a small α is often below all numbers.
        var difference = LogGamma(new(random[0]), alpha) - LogGamma(new(random[1]), alpha);
        return 1 / (1 + Math.Exp(-difference));
    }

    /// <summary>Draws the logarithm of a gamma variable, by the variable of α + 1 (Marsaglia and Tsang 2000, with their note for α below 1).</summary>
    static double LogGamma(CounterRandom random, double alpha)
    {
        var d = alpha + 1 - 1.0 / 3;
        for (var at = 0; ; at += 4)
        {
            // Positions 4k and 4k + 1.
            var x = random.Normal(at / 2);
            var v = Math.Pow(1 + x / Math.Sqrt(9 * d), 3);
            if (v > 0 && Math.Log(1 - random.Uniform(at + 2)) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return Math.Log(d * v) + Math.Log(1 - random.Uniform(at + 3)) / alpha;
        }
    }
}
