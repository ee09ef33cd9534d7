using System.Globalization;

namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>
/// PASCAL VOC's average precision (Everingham et al. 2010, section 4.2). A detection is right if its overlap with the object that it
/// overlaps most is above the threshold and no detection of greater score has found that object; difficult objects count neither way.
/// </summary>
/// <remarks>
/// VOC's kit takes corners for pixels and adds 1 to widths. Boxes here are continuous, xmin − 1 to xmax, so that their widths have it already:
/// the numbers are the kit's. Equal scores are ordered by image, and within an image by its list.
/// </remarks>
/// <param name="classes">Names of the classes, by index.</param>
public sealed class VocEvaluator(IReadOnlyList<string> classes)
{
    /// <summary>The overlap that a detection has to be above; 0.5 in VOC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0, or not below 1.</exception>
    public double Threshold
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "An overlap is from 0 to below 1.");
    } = 0.5;

    /// <summary>Whether the average is taken at eleven recalls, as VOC did up to 2009 and papers do on VOC 2007; otherwise it is the whole area below the curve.</summary>
    public bool ElevenPoints { get; init; }

    /// <summary>Evaluates detections.</summary>
    /// <param name="scenes">The images.</param>
    /// <exception cref="ArgumentException">A score is not a number, or a label no class.</exception>
    public DetectionResult Evaluate(IReadOnlyList<EvaluatedScene> scenes)
    {
        Tally.Check(scenes, classes.Count);
        var tally = new Tally();
        for (var label = 0; label < classes.Count; label++)
        {
            var found = new HashSet<(int Image, int Object)>();
            var ranked = Tally.Ranked(scenes, label);
            var verdicts = ranked.ConvertAll(detection => Judge(detection, scenes[detection.Image].Truth, found));
            var objects = 0;
            foreach (var (image, scene) in scenes.Index())
                foreach (var (at, item) in scene.Truth.Index())
                {
                    if (item.Label != label || item.Difficult) continue;
                    objects++;
                    tally.Add(new SceneObject(image, item), found.Contains((image, at)));
                }
            tally.Add(label, classes[label], objects, ranked, verdicts, curve => ElevenPoints ? AverageOfEleven(curve) : Area(curve));
        }
        return tally.Result(string.Create(CultureInfo.InvariantCulture, $"PASCAL VOC, overlap above {Threshold}, {(ElevenPoints ? "eleven points" : "area")}"), scenes.Count);
    }

    Verdict Judge(SceneDetection detection, IReadOnlyList<ObjectAnnotation> truth, HashSet<(int, int)> found)
    {
        var (best, most) = (-1, double.NegativeInfinity);
        for (var at = 0; at < truth.Count; at++)
        {
            if (truth[at].Label != detection.Detection.Label) continue;
            var overlap = detection.Detection.Box.Overlap(truth[at].Box);
            if (overlap > most) (best, most) = (at, overlap);
        }
        return best < 0 || most <= Threshold ? Verdict.Background
            : truth[best].Difficult ? Verdict.Ignored
            : found.Add((detection.Image, best)) ? Verdict.Right
            : Verdict.Duplicate;
    }

    static double? AverageOfEleven(IReadOnlyList<PrecisionPoint> curve) =>
        Enumerable.Range(0, 11).Average(step => curve.Where(point => point.Recall >= step * 0.1).Select(point => point.Precision).DefaultIfEmpty(0).Max());

    /// <summary>The area below the curve, where each precision counts as the best at its recall or beyond.</summary>
    static double? Area(IReadOnlyList<PrecisionPoint> curve)
    {
        var (area, best) = (0.0, 0.0);
        for (var i = curve.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, curve[i].Precision);
            area += best * (curve[i].Recall - (i > 0 ? curve[i - 1].Recall : 0));
        }
        return area;
    }
}
