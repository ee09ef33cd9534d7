namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>Collects what became of detections and objects, class by class.</summary>
sealed class Tally
{
    readonly List<ClassPrecision> _classes = [];
    readonly List<SceneObject> _found = [], _missed = [];
    readonly List<SceneDetection> _duplicates = [], _background = [];

    /// <summary>Checks that scores are numbers and that labels are classes.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    public static void Check(IReadOnlyList<EvaluatedScene> scenes, int classes)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        foreach (var (index, scene) in scenes.Index())
        {
            foreach (var found in scene.Found)
                if (double.IsNaN(found.Score) || (uint)found.Label >= classes)
                    throw new ArgumentException($"Image {index}: expected a score that is a number and a class below {classes}, found {found.Score} and {found.Label}", nameof(scenes));
            foreach (var item in scene.Truth)
                if ((uint)item.Label >= classes) throw new ArgumentException($"Image {index}: expected an object of a class below {classes}, found {item.Label}", nameof(scenes));
        }
    }

    /// <summary>Returns the detections of a class in order of falling score; equal scores keep the order of images and of their lists.</summary>
    public static List<SceneDetection> Ranked(IReadOnlyList<EvaluatedScene> scenes, int label) =>
    [
        .. scenes.Index().SelectMany(scene => scene.Item.Found.Where(found => found.Label == label).Select(found => new SceneDetection(scene.Index, found)))
            .OrderByDescending(found => found.Detection.Score), // a stable sort
    ];

    /// <summary>Adds an object that counts.</summary>
    public void Add(SceneObject item, bool isFound) => (isFound ? _found : _missed).Add(item);

    /// <summary>Adds a class.</summary>
    /// <param name="label">Its index.</param>
    /// <param name="name">Its name.</param>
    /// <param name="objects">The objects that count.</param>
    /// <param name="ranked">Its detections, in order of falling score.</param>
    /// <param name="verdicts">The verdicts.</param>
    /// <param name="average">Computes the average precision from the curve.</param>
    public void Add(int label, string name, int objects, IReadOnlyList<SceneDetection> ranked, IReadOnlyList<Verdict> verdicts, Func<IReadOnlyList<PrecisionPoint>, double?> average)
    {
        var curve = objects > 0 ? Curve(objects, ranked, verdicts) : [];
        _classes.Add(new(label, name, objects, objects > 0 ? average(curve) : null, curve));
        foreach (var (detection, verdict) in ranked.Zip(verdicts))
        {
            if (verdict == Verdict.Duplicate) _duplicates.Add(detection);
            if (verdict == Verdict.Background) _background.Add(detection);
        }
    }

    public DetectionResult Result(string measure, int images) => new()
    {
        Measure = measure,
        Images = images,
        Classes = _classes,
        Found = _found,
        Missed = _missed,
        Duplicates = [.. _duplicates.OrderByDescending(found => found.Detection.Score)],
        Background = [.. _background.OrderByDescending(found => found.Detection.Score)],
    };

    static PrecisionPoint[] Curve(int objects, IReadOnlyList<SceneDetection> ranked, IReadOnlyList<Verdict> verdicts)
    {
        var points = new PrecisionPoint[ranked.Count];
        var (right, counted) = (0, 0);
        for (var i = 0; i < points.Length; i++)
        {
            if (verdicts[i] == Verdict.Right) right++;
            if (verdicts[i] != Verdict.Ignored) counted++;
            points[i] = new(ranked[i].Detection.Score, (double)right / objects, counted > 0 ? (double)right / counted : 0);
        }
        return points;
    }
}
