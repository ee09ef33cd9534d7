using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Data;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Detection;

/// <summary>Turns regions into boxes with classes by one pass through the head, or by two.</summary>
/// <param name="options">The options of the search.</param>
/// <param name="width">Columns of the trunk's input.</param>
/// <param name="height">Rows of the trunk's input.</param>
readonly struct RegionClassifier(DetectionOptions options, int width, int height)
{
    /// <summary>Returns the boxes that may be objects, in pixels of the trunk's input.</summary>
    /// <param name="regions">The regions.</param>
    /// <param name="runHead">Computes logits and corrections of regions.</param>
    /// <param name="classes">Number of classes, without the background.</param>
    /// <param name="asked">The class that the regions are judged for alone; null where classes are distinguished.</param>
    public List<ScoredBox> Find(Box[] regions, Func<Box[], (float[] Logits, float[] Deltas)> runHead, int classes, int? asked = null)
    {
        var (logits, deltas) = runHead(regions);
        var outputs = new HeadOutputs(logits, deltas, regions, classes, BoxCoder.Regions, asked);
        var candidates = outputs.Candidates(width, height, options.ScoreThreshold, options.LeastSide);
        if (!options.RefineBoxes) return candidates;
        var least = options.LeastSide;
        var refined = Array.FindAll(outputs.Refine(width, height), box => box.Width >= least && box.Height >= least);
        var (again, corrections) = runHead(refined);
        return [.. candidates, .. new HeadOutputs(again, corrections, refined, classes, BoxCoder.Regions, asked).Candidates(width, height, options.ScoreThreshold, options.LeastSide)];
    }

    /// <summary>Returns the boxes that may be objects of a picture, at all sizes at which it is looked at, in the picture's pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="options">The options of the search.</param>
    /// <param name="find">Finds the boxes of a sized picture, in its pixels.</param>
    public static List<ScoredBox> FindAtAllSizes(Image picture, DetectionOptions options, Func<Image, IEnumerable<ScoredBox>> find)
    {
        var candidates = new List<ScoredBox>();
        foreach (var size in options.MoreSizes.Prepend(options.Size))
        {
            var scene = SizedScene.Of(picture, [], size);
            candidates.AddRange(find(scene.Image).Select(box => box with { Box = scene.ToOriginal(box.Box).Clip(picture.Width, picture.Height) }));
        }
        return candidates;
    }

    /// <summary>Tells the objects apart: of the boxes of one object the best stays, or what all of them vote for.</summary>
    /// <param name="candidates">The boxes.</param>
    /// <param name="options">The options of the search.</param>
    /// <returns>The objects, the best first.</returns>
    public static ScoredBox[] Select(List<ScoredBox> candidates, DetectionOptions options)
    {
        var kept = Suppression.Keep(candidates, options.Overlap, options.Most);
        return options.VoteBoxes ? BoxVoting.Vote(kept, candidates.ToArray()) : kept;
    }
}
