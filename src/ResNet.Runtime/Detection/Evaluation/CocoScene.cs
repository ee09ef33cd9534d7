namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>The sizes of objects that count, in square pixels, both ends included.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
readonly record struct CocoRange(double Least, double Most)
{
    public bool Holds(double area) => area >= Least && area <= Most;
}

/// <summary>Detections and objects of one class in one image, matched by the rules of COCO's evaluation.</summary>
sealed class CocoScene
{
    /// <summary>The most detections of a class in an image.</summary>
    public const int MostDetections = 100;

    readonly ObjectAnnotation[] _truth;
    readonly double[,] _overlaps;

    public CocoScene(int image, EvaluatedScene scene, int label)
    {
        Image = image;
        Found = [.. scene.Found.Where(found => found.Label == label).OrderByDescending(found => found.Score).Take(MostDetections).Select(found => new SceneDetection(image, found))];
        _truth = [.. scene.Truth.Where(item => item.Label == label)];
        _overlaps = new double[Found.Count, _truth.Length];
        for (var i = 0; i < Found.Count; i++)
            for (var j = 0; j < _truth.Length; j++) _overlaps[i, j] = Overlap(Found[i].Detection.Box, _truth[j]);
    }

    /// <summary>Index of the image.</summary>
    public int Image { get; }

    /// <summary>The detections, in order of falling score.</summary>
    public IReadOnlyList<SceneDetection> Found { get; }

    public IReadOnlyList<ObjectAnnotation> Truth => _truth;

    /// <summary>Number of objects that count.</summary>
    public int Objects(CocoRange range) => _truth.Count(item => !IsIgnored(item, range));

    /// <summary>
    /// Gives each detection, in order of falling score, the object not yet taken that it overlaps most. Crowds and objects of other sizes count neither way, and are
    /// given only where nothing else is left; a crowd is given again and again.
    /// </summary>
    /// <param name="threshold">The least overlap.</param>
    /// <param name="range">The sizes that count.</param>
    /// <param name="takenBy">Receives for each object the detection that it was given to, or -1.</param>
    /// <returns>The verdict on each detection.</returns>
    public Verdict[] Match(double threshold, CocoRange range, out int[] takenBy)
    {
        var taken = takenBy = new int[_truth.Length];
        Array.Fill(taken, -1);
        var order = Order(range);
        var verdicts = new Verdict[Found.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            var best = Best(i, threshold, range, order, taken);
            if (best >= 0) taken[best] = i;
            verdicts[i] = best >= 0 ? IsIgnored(_truth[best], range) ? Verdict.Ignored : Verdict.Right
                : !range.Holds(Found[i].Detection.Box.Area) ? Verdict.Ignored
                : Overlaps(i, threshold) ? Verdict.Duplicate
                : Verdict.Background;
        }
        return verdicts;
    }

    /// <summary>The objects, first those that count.</summary>
    int[] Order(CocoRange range)
    {
        var (order, next) = (new int[_truth.Length], 0);
        for (var at = 0; at < order.Length; at++)
            if (!IsIgnored(_truth[at], range)) order[next++] = at;
        for (var at = 0; at < order.Length; at++)
            if (IsIgnored(_truth[at], range)) order[next++] = at;
        return order;
    }

    bool Overlaps(int detection, double threshold)
    {
        for (var at = 0; at < _truth.Length; at++)
            if (!_truth[at].Crowd && _overlaps[detection, at] >= threshold) return true;
        return false;
    }

    int Best(int detection, double threshold, CocoRange range, int[] order, int[] taken)
    {
        var (best, most) = (-1, threshold);
        foreach (var at in order)
        {
            if (taken[at] >= 0 && !_truth[at].Crowd) continue;
            if (best >= 0 && !IsIgnored(_truth[best], range) && IsIgnored(_truth[at], range)) break;
            // Of equal overlaps the last is taken, as in COCO's own program.
            if (_overlaps[detection, at] >= most) (best, most) = (at, _overlaps[detection, at]);
        }
        return best;
    }

    static bool IsIgnored(ObjectAnnotation item, CocoRange range) => item.Crowd || !range.Holds(item.OutlineArea ?? item.Box.Area);

    /// <summary>Intersection over union or, of a crowd, over the detection.</summary>
    static double Overlap(Box found, ObjectAnnotation item) =>
        !item.Crowd ? found.Overlap(item.Box) : found.Area > 0 ? found.Intersection(item.Box) / found.Area : 0;
}
