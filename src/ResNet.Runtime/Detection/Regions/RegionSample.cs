using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>The regions of one image that a detection head learns from.</summary>
/// <param name="Boxes">Regions.</param>
/// <param name="Labels">The column of each among the head's logits: 0 for background, 1 for the first class.</param>
/// <param name="Targets">For each region where its object lies relative to it; of no meaning for background.</param>
sealed record RegionSample(Box[] Boxes, int[] Labels, BoxDeltas[] Targets)
{
    /// <summary>For each region the class, counted from 0, that it was proposed for and is judged for alone; null where classes are distinguished.</summary>
    public int[]? Asked { get; init; }

    /// <summary>Joins the regions of several classes.</summary>
    /// <param name="samples">The regions that were proposed for each class.</param>
    public static RegionSample Join(IReadOnlyList<(int Label, RegionSample Sample)> samples) => new(
        [.. samples.SelectMany(entry => entry.Sample.Boxes)],
        [.. samples.SelectMany(entry => entry.Sample.Labels)],
        [.. samples.SelectMany(entry => entry.Sample.Targets)])
    {
        Asked = [.. samples.SelectMany(entry => Enumerable.Repeat(entry.Label, entry.Sample.Boxes.Length))],
    };
}
