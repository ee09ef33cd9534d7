using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>Turns the outputs of a region proposal network into regions.</summary>
static class Proposals
{
    /// <summary>
    /// Returns the regions of an image, the best first: of the anchors with the greatest objectness, moved by their deltas, clipped to the image and suppressed.
    /// Their score is the objectness as the network gives it. Anchors whose objectness or deltas are not numbers are left out.
    /// </summary>
    /// <param name="objectness">Logits: <c>anchors × rows × columns</c>.</param>
    /// <param name="deltas"><c>4·anchors × rows × columns</c>.</param>
    /// <param name="layout">The places of the values of an anchor.</param>
    /// <param name="anchors">All anchors.</param>
    /// <param name="coder">Reads deltas.</param>
    /// <param name="width">Columns of the image, without padding, in pixels of the network's input.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="options">The numbers of boxes.</param>
    /// <exception cref="ArgumentException">Outputs and anchors do not fit each other.</exception>
    public static ScoredBox[] Of(
        ReadOnlySpan<float> objectness, ReadOnlySpan<float> deltas, AnchorLayout layout, ReadOnlySpan<Box> anchors, BoxCoder coder,
        double width, double height, ProposalOptions options)
    {
        layout.Validate(objectness.Length, deltas.Length);
        if (anchors.Length != layout.Count) throw new ArgumentException($"{layout} has {layout.Count} anchors, not {anchors.Length}.", nameof(anchors));
        var scores = new double[anchors.Length];
        for (var i = 0; i < scores.Length; i++) scores[i] = objectness[layout.Objectness(i)];

        var candidates = new List<ScoredBox>();
        foreach (var anchor in Ranking.BestFirst(scores, options.BeforeSuppression))
        {
            var box = coder.Decode(layout.Deltas(anchor, deltas), anchors[anchor]).Clip(width, height);
            if (box.Width >= options.LeastSide && box.Height >= options.LeastSide) candidates.Add(new(0, scores[anchor], box));
        }
        return Suppression.Keep(candidates, options.Threshold, options.AfterSuppression);
    }
}
