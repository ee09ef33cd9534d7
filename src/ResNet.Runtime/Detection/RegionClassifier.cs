using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Detection;

/// <summary>Turns regions into boxes with classes by one pass through the head, or by two.</summary>
/// <param name="options">How objects are sought.</param>
/// <param name="width">Columns of the trunk's input.</param>
/// <param name="height">Rows of the trunk's input.</param>
readonly struct RegionClassifier(DetectionOptions options, int width, int height)
{
    /// <summary>Returns the boxes that may be objects, in pixels of the trunk's input.</summary>
    /// <param name="regions">The regions.</param>
    /// <param name="runHead">Computes logits and corrections of regions.</param>
    /// <param name="classes">Number of classes, without the background.</param>
    public List<ScoredBox> Find(Box[] regions, Func<Box[], (float[] Logits, float[] Deltas)> runHead, int classes)
    {
        var (logits, deltas) = runHead(regions);
        var outputs = new HeadOutputs(logits, deltas, regions, classes, BoxCoder.Regions);
        var candidates = outputs.Candidates(width, height, options.ScoreThreshold, options.LeastSide);
        if (!options.RefineBoxes) return candidates;
        var least = options.LeastSide;
        var refined = Array.FindAll(outputs.Refine(width, height), box => box.Width >= least && box.Height >= least);
        var (again, corrections) = runHead(refined);
        return [.. candidates, .. new HeadOutputs(again, corrections, refined, classes, BoxCoder.Regions).Candidates(width, height, options.ScoreThreshold, options.LeastSide)];
    }

    /// <summary>Tells the objects apart: of the boxes of one object the best stays, or what all of them vote for.</summary>
    /// <param name="candidates">The boxes.</param>
    /// <param name="options">How objects are sought.</param>
    /// <returns>The objects, the best first.</returns>
    public static ScoredBox[] Select(List<ScoredBox> candidates, DetectionOptions options)
    {
        var kept = Suppression.Keep(candidates, options.Overlap, options.Most);
        return options.VoteBoxes ? BoxVoting.Vote(kept, candidates.ToArray()) : kept;
    }
}
