namespace ResNet.Runtime.Detection.Boxes;

/// <summary>
/// Replaces a box that non-maximum suppression kept by the mean of the boxes around it, weighted by their scores (He et al. 2015, appendix B;
/// Gidaris and Komodakis 2015, section 4).
/// </summary>
static class BoxVoting
{
    /// <summary>Returns the kept boxes with the sides that were voted for; scores and classes stay.</summary>
    /// <param name="kept">Boxes that suppression kept.</param>
    /// <param name="candidates">All boxes before suppression; those of the same class vote, with scores that are not negative.</param>
    /// <param name="overlap">Least intersection over union of a box that votes.</param>
    public static ScoredBox[] Vote(ReadOnlySpan<ScoredBox> kept, ReadOnlySpan<ScoredBox> candidates, double overlap = 0.5)
    {
        if (!(overlap is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "It lies above 0 and up to 1.");
        var voted = kept.ToArray();
        foreach (ref var winner in voted.AsSpan()) winner = winner with { Box = Mean(winner, candidates, overlap) };
        return voted;
    }

    static Box Mean(ScoredBox winner, ReadOnlySpan<ScoredBox> candidates, double overlap)
    {
        double x1 = 0, y1 = 0, x2 = 0, y2 = 0, sum = 0;
        foreach (var (label, score, box) in candidates)
        {
            if (label != winner.Label || !(score > 0) || !(box.Overlap(winner.Box) >= overlap)) continue;
            x1 += score * box.X1;
            y1 += score * box.Y1;
            x2 += score * box.X2;
            y2 += score * box.Y2;
            sum += score;
        }
        return sum > 0 ? new(x1 / sum, y1 / sum, x2 / sum, y2 / sum) : winner.Box;
    }
}
