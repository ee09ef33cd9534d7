using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>The probabilities with which layers drop.</summary>
public static class DropRates
{
    /// <summary>
    /// Returns a layer's probability. Stochastic depth follows Huang et al. 2016, equation 4: the survival probability of layer l of L is
    /// 1 − l/L · (1 − p_L).
    /// </summary>
    /// <param name="row">The layer.</param>
    /// <param name="layers">The unrolled network.</param>
    public static double Of(LayerInstance row, IReadOnlyList<LayerInstance> layers)
    {
        if (row.Layer is Dropout dropout) return dropout.Rate;
        int[] depths = [.. layers.Where(layer => layer.Layer is StochasticDepth).Select(layer => layer.Index)];
        var (l, survivalOfLast) = (Array.IndexOf(depths, row.Index) + 1.0, 1 - ((StochasticDepth)row.Layer).Rate);
        return 1 - (1 - l / depths.Length * (1 - survivalOfLast));
    }
}
