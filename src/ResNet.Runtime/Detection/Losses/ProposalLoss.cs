using ResNet.Runtime.Cpu.Losses;
using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection.Losses;

/// <summary>The loss of a region proposal network (Ren et al. 2015, equation 1): binary cross-entropy of the sampled anchors, smooth L1 of the positive ones.</summary>
sealed record ProposalLoss
{
    /// <summary>Equation 1 as it is printed: λ = 10, deltas divided by the number of locations.</summary>
    public static ProposalLoss Paper { get; } = new() { BoxWeight = 10, PerLocation = true };

    /// <summary>The absolute difference at which smooth L1 turns from a square into a line.</summary>
    public double Beta { get; init; } = 1.0 / 9;

    /// <summary>Factor of the loss of deltas: λ.</summary>
    public double BoxWeight { get; init; } = 1;

    /// <summary>Whether the loss of deltas is divided by the number of locations rather than by the number of sampled anchors.</summary>
    public bool PerLocation { get; init; }

    /// <summary>Computes an image's part of the losses of a step, and the gradient of their sum.</summary>
    /// <param name="sample">The anchors that take part; none is allowed.</param>
    /// <param name="layout">The places of the values of an anchor.</param>
    /// <param name="objectness">Logits: <c>anchors × rows × columns</c>.</param>
    /// <param name="deltas"><c>4·anchors × rows × columns</c>.</param>
    /// <param name="objectnessGradient">Receives the gradient by <paramref name="objectness"/>.</param>
    /// <param name="deltasGradient">Receives the gradient by <paramref name="deltas"/>.</param>
    /// <param name="sampled">Sampled anchors of all images of the step.</param>
    /// <param name="images">Images of the step.</param>
    /// <exception cref="ArgumentException">The values do not fit the layout.</exception>
    public SampleLoss Compute(
        AnchorSample sample, AnchorLayout layout, ReadOnlySpan<float> objectness, ReadOnlySpan<float> deltas,
        Span<float> objectnessGradient, Span<float> deltasGradient, int sampled, int images = 1)
    {
        layout.Validate(objectness.Length, deltas.Length);
        layout.Validate(objectnessGradient.Length, deltasGradient.Length);
        objectnessGradient.Clear();
        deltasGradient.Clear();

        var scores = Score(sample.Positive, 1, layout, objectness, objectnessGradient, sampled) + Score(sample.Negative, 0, layout, objectness, objectnessGradient, sampled);
        var smooth = new SmoothL1Loss(Beta);
        var (boxes, scale) = (0.0, BoxWeight / (PerLocation ? (double)layout.Locations * images : sampled));
        for (var i = 0; i < sample.Positive.Length; i++)
            for (var k = 0; k < BoxDeltas.Count; k++)
            {
                var place = layout.Delta(sample.Positive[i], k);
                var (loss, slope) = smooth.Of(deltas[place], sample.Targets[i][k]);
                boxes += scale * loss;
                deltasGradient[place] = (float)(scale * slope);
            }
        return new(scores, boxes);
    }

    static double Score(int[] anchors, double target, AnchorLayout layout, ReadOnlySpan<float> objectness, Span<float> gradient, int sampled)
    {
        var total = 0.0;
        foreach (var anchor in anchors)
        {
            var place = layout.Objectness(anchor);
            var (loss, slope) = default(SigmoidLoss).Of(objectness[place], target);
            total += loss / sampled;
            gradient[place] = (float)(slope / sampled);
        }
        return total;
    }
}
