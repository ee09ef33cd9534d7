namespace ResNet.Runtime.Detection.Boxes;

/// <summary>The anchors that a region proposal network learns from in one image.</summary>
/// <param name="Positive">Indices of the anchors that have to find an object.</param>
/// <param name="Negative">Indices of the anchors that show background.</param>
/// <param name="Targets">For each positive anchor where its object lies relative to it.</param>
sealed record AnchorSample(int[] Positive, int[] Negative, BoxDeltas[] Targets)
{
    /// <summary>Number of anchors.</summary>
    public int Count => Positive.Length + Negative.Length;

    /// <summary>Joins the anchors of several classes, each of which has scores of its own.</summary>
    /// <param name="samples">The anchors of each class.</param>
    /// <param name="anchors">Anchors at each location.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The same anchors as numbered by an <see cref="AnchorLayout"/> with those of all classes at each location, class by class.</returns>
    public static AnchorSample Join(IReadOnlyList<(int Label, AnchorSample Sample)> samples, int anchors, int classes)
    {
        return new(
            [.. samples.SelectMany(entry => entry.Sample.Positive.Select(anchor => Place(anchor, entry.Label)))],
            [.. samples.SelectMany(entry => entry.Sample.Negative.Select(anchor => Place(anchor, entry.Label)))],
            [.. samples.SelectMany(entry => entry.Sample.Targets)]);

        int Place(int anchor, int label)
        {
            var (location, kind) = Math.DivRem(anchor, anchors);
            return (location * classes + label) * anchors + kind;
        }
    }

    /// <summary>Computes the targets of drawn anchors.</summary>
    /// <param name="positive">Indices of matched anchors.</param>
    /// <param name="negative">Indices of anchors that show background.</param>
    /// <param name="matches">For each anchor the index of its object.</param>
    /// <param name="objects">The objects of the image.</param>
    /// <param name="anchors">All anchors.</param>
    /// <param name="coder">Describes objects from anchors.</param>
    public static AnchorSample Of(
        int[] positive, int[] negative, int[] matches, IReadOnlyList<ObjectAnnotation> objects, Box[] anchors, BoxCoder coder) =>
        new(positive, negative, Array.ConvertAll(positive, i => coder.Encode(objects[matches[i]].Box, anchors[i])));
}
