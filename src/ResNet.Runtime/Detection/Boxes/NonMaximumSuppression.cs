namespace ResNet.Runtime.Detection.Boxes;

/// <summary>
/// Greedy non-maximum suppression: of boxes that overlap by more than a threshold the best stays (Girshick et al. 2014, section 2.2). An overlap
/// of exactly the threshold suppresses nothing, nor does a box without area. Of equal scores the lower index counts as the better.
/// </summary>
/// <remarks>A box whose score or one of whose sides is not a number is dropped.</remarks>
static class NonMaximumSuppression
{
    /// <summary>Returns the indices of the boxes that stay, the best first.</summary>
    /// <param name="boxes">Boxes.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="threshold">Intersection over union above which the lesser box goes.</param>
    /// <param name="most">The greatest number that may stay.</param>
    /// <exception cref="ArgumentException">There are not as many scores as boxes, or the threshold is not between 0 and 1.</exception>
    public static int[] Keep(ReadOnlySpan<Box> boxes, ReadOnlySpan<double> scores, double threshold, int most = int.MaxValue) =>
        Keep(boxes, scores, [], threshold, most);

    /// <summary>Returns the indices of the boxes that stay, the best first, where only boxes of one class suppress each other.</summary>
    /// <param name="boxes">Boxes.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="classes">The class of each; empty where all are of one.</param>
    /// <param name="threshold">Intersection over union above which the lesser box goes.</param>
    /// <param name="most">The greatest number that may stay, of all classes together.</param>
    /// <exception cref="ArgumentException">There are not as many scores or classes as boxes, or the threshold is not between 0 and 1.</exception>
    public static int[] Keep(ReadOnlySpan<Box> boxes, ReadOnlySpan<double> scores, ReadOnlySpan<int> classes, double threshold, int most = int.MaxValue)
    {
        if (scores.Length != boxes.Length) throw new ArgumentException($"There are {boxes.Length} boxes and {scores.Length} scores.", nameof(scores));
        if (!classes.IsEmpty && classes.Length != boxes.Length)
            throw new ArgumentException($"There are {boxes.Length} boxes and {classes.Length} classes.", nameof(classes));
        if (!(threshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "It lies between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(most);

        var kept = new List<int>();
        var rivals = new Dictionary<int, BoxColumns>();
        foreach (var index in Ranking.BestFirst(scores))
        {
            if (kept.Count >= most) break;
            var box = boxes[index];
            if (double.IsNaN(box.Area)) continue;
            var label = classes.IsEmpty ? 0 : classes[index];
            if (!rivals.TryGetValue(label, out var better)) rivals.Add(label, better = new());
            if (better.AnyOverlap(box, threshold)) continue;
            better.Add(box);
            kept.Add(index);
        }
        return [.. kept];
    }
}
