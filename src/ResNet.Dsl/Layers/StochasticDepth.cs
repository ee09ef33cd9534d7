namespace ResNet.Dsl;

/// <summary>
/// Drops whole images at random while training, and is the identity otherwise; at the end of a residual branch it makes the unit
/// the identity for those images (Huang et al. 2016, "Deep Networks with Stochastic Depth"). As in torchvision, a kept value grows
/// by 1 / (1 − rate), so that inference needs no correction. The rate rises linearly with depth (section 3): of a network's L
/// such layers, the l-th drops with l / L times <paramref name="Rate"/>.
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Rate">Probability with which the network's last such layer drops an image: 1 − p_L in the paper.</param>
public sealed record StochasticDepth(string Name, double Rate) : Layer(Name)
{
    /// <inheritdoc/>
    public override bool BackwardReadsInput => false;

    /// <inheritdoc/>
    public override bool ActsInTrainingAlone => true;

    internal override BuilderCall Call => new BuilderCall("StochasticDepth").With(Rate);

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Rate is >= 0 and < 1, Rate, "rate", "at least 0 and below 1");
        return input;
    }

    internal override string Describe(Shape input) => Words.Of($"stochastic depth up to {Rate}");

    /// <summary>Returns the probability with which the layer at an index drops an image, which follows from its place among the others.</summary>
    /// <param name="index">The layer's index.</param>
    /// <param name="layers">The unrolled network.</param>
    public double RateAt(int index, IReadOnlyList<LayerInstance> layers)
    {
        if (layers is null) throw new ArgumentNullException(nameof(layers));
        var all = layers.Where(layer => layer.Layer is StochasticDepth).ToList();
        return Rate * all.Count(layer => layer.Index <= index) / all.Count;
    }
}
