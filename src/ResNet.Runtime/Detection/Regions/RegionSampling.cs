using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>Chooses the regions that a detection head learns from (Girshick 2015, section 2.3).</summary>
sealed record RegionSampling
{
    /// <summary>Tells which regions show an object and which background.</summary>
    public BoxMatcher Matcher { get; init; } = BoxMatcher.Regions;

    /// <summary>Number of regions to draw: 128, at most a quarter of them with an object.</summary>
    public BalancedDraw Draw { get; init; } = new(128, 0.25);

    /// <summary>Describes objects from regions.</summary>
    public BoxCoder Coder { get; init; } = BoxCoder.Regions;

    /// <summary>
    /// Matches proposals with the objects of an image, draws some, and says what they have to learn. The objects' own boxes are proposals, too,
    /// except those of difficult objects and crowds. Regions with an object come first.
    /// </summary>
    /// <param name="proposals">Proposals; there may be none.</param>
    /// <param name="objects">The objects of the image; there may be none.</param>
    /// <param name="random">The image's stream in this step: <see cref="BalancedDraw.Stream"/>.</param>
    public RegionSample Choose(ReadOnlySpan<Box> proposals, IReadOnlyList<ObjectAnnotation> objects, CounterRandom random)
    {
        Box[] boxes = [.. proposals, .. from item in objects where !item.Difficult && !item.Crowd select item.Box];
        var matches = Matcher.Match(objects, boxes);
        var (positive, negative) = Draw.Draw(matches, random);
        int[] drawn = [.. positive, .. negative];
        return new(
            Array.ConvertAll(drawn, i => boxes[i]),
            Array.ConvertAll(drawn, i => matches[i] >= 0 ? 1 + objects[matches[i]].Label : 0),
            Array.ConvertAll(drawn, i => matches[i] >= 0 ? Coder.Encode(objects[matches[i]].Box, boxes[i]) : default));
    }
}
