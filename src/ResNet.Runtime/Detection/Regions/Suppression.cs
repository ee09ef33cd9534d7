using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>Non-maximum suppression of scored boxes.</summary>
static class Suppression
{
    /// <summary>Returns the boxes that stay, the best first; only boxes of one class suppress each other.</summary>
    /// <param name="boxes">Boxes, which may come from several passes or networks.</param>
    /// <param name="threshold">Intersection over union above which the lesser box goes.</param>
    /// <param name="most">The greatest number that may stay, of all classes together.</param>
    public static ScoredBox[] Keep(IReadOnlyList<ScoredBox> boxes, double threshold, int most)
    {
        var kept = NonMaximumSuppression.Keep(
            boxes.Select(box => box.Box).ToArray(), boxes.Select(box => box.Score).ToArray(), boxes.Select(box => box.Label).ToArray(), threshold, most);
        return Array.ConvertAll(kept, index => boxes[index]);
    }
}
