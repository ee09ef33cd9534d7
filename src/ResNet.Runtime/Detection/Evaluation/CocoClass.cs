namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>The images that show a class or are said to show it, and its detections, in the order in which all measures take them.</summary>
sealed class CocoClass
{
    const int Recalls = 101;

    readonly (int Scene, int Found)[] _ranked;

    CocoClass(List<CocoScene> scenes)
    {
        Scenes = scenes;
        _ranked =
        [
            .. scenes.SelectMany((scene, at) => Enumerable.Range(0, scene.Found.Count).Select(found => (at, found)))
                .OrderByDescending(place => scenes[place.at].Found[place.found].Detection.Score), // a stable sort
        ];
    }

    /// <summary>The images, in their order.</summary>
    public IReadOnlyList<CocoScene> Scenes { get; }

    /// <summary>Sorts detections and objects by class. Of many classes, an image shows a few.</summary>
    /// <param name="scenes">The images.</param>
    /// <param name="classes">Number of classes.</param>
    public static List<CocoClass> Of(IReadOnlyList<EvaluatedScene> scenes, int classes)
    {
        var byClass = Enumerable.Range(0, classes).Select(_ => new List<CocoScene>()).ToList();
        foreach (var (image, scene) in scenes.Index())
            foreach (var label in scene.Found.Select(found => found.Label).Concat(scene.Truth.Select(item => item.Label)).Distinct())
                byClass[label].Add(new(image, scene, label));
        return byClass.ConvertAll(own => new CocoClass(own));
    }

    /// <summary>Number of objects that count.</summary>
    public int Objects(CocoRange range) => Scenes.Sum(scene => scene.Objects(range));

    /// <summary>Returns each detection, in order of falling score, and its verdict.</summary>
    /// <param name="threshold">The least overlap.</param>
    /// <param name="range">The sizes that count.</param>
    /// <param name="takenBy">Receives, image by image, for each object the detection that it was given to, or -1.</param>
    public List<(SceneDetection Found, Verdict Verdict)> Match(double threshold, CocoRange range, out int[][] takenBy)
    {
        var taken = takenBy = new int[Scenes.Count][];
        var verdicts = Scenes.Select((scene, at) => scene.Match(threshold, range, out taken[at])).ToArray();
        return [.. _ranked.Select(place => (Scenes[place.Scene].Found[place.Found], verdicts[place.Scene][place.Found]))];
    }

    /// <summary>Measures average precision and recall.</summary>
    /// <param name="threshold">The least overlap.</param>
    /// <param name="range">The sizes that count.</param>
    /// <param name="most">The most detections of an image.</param>
    public CocoFigure Measure(double threshold, CocoRange range, int most)
    {
        var objects = Objects(range);
        if (objects == 0) return default;
        var verdicts = Scenes.Select(scene => scene.Match(threshold, range, out _)).ToArray();
        var (recalls, precisions, right, count) = (new double[_ranked.Length], new double[_ranked.Length], 0, 0);
        foreach (var (scene, found) in _ranked)
        {
            var verdict = verdicts[scene][found];
            if (found >= most || verdict == Verdict.Ignored) continue;
            if (verdict == Verdict.Right) right++;
            (recalls[count], precisions[count]) = ((double)right / objects, (double)right / (count + 1));
            count++;
        }
        // The best precision at a recall or beyond it.
        for (var i = count - 2; i >= 0; i--) precisions[i] = Math.Max(precisions[i], precisions[i + 1]);
        return new(Average(recalls.AsSpan(0, count), precisions), (double)right / objects);
    }

    /// <summary>The mean of the precisions at 101 recalls; at one that is not reached it is 0.</summary>
    static double Average(ReadOnlySpan<double> recalls, double[] precisions)
    {
        var (sum, at) = (0.0, 0);
        for (var step = 0; step < Recalls; step++)
        {
            while (at < recalls.Length && !(recalls[at] >= step * 0.01)) at++;
            if (at < recalls.Length) sum += precisions[at];
        }
        return sum / Recalls;
    }
}

/// <summary>The measures of a class at an overlap.</summary>
/// <param name="Precision">Average precision, or null where there is no object.</param>
/// <param name="Recall">The part of the objects that are found.</param>
readonly record struct CocoFigure(double? Precision, double? Recall);
