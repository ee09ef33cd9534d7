namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>
/// COCO's average precision and recall (Lin et al. 2014; cocodataset.org, "Detection Evaluation"): the mean of ten overlaps, precision at 101 recalls,
/// at most a hundred detections per image and class. Difficult objects count as any other. Of equal scores, the first image comes first, and in an
/// image the first of its list.
/// </summary>
/// <param name="classes">Names of the classes, by index.</param>
public sealed class CocoEvaluator(IReadOnlyList<string> classes)
{
    const int Overlaps = 10;
    const double Least = 0.5, Greatest = 0.95;
    const double Small = 32 * 32, Large = 96 * 96, Any = 1e10;

    static readonly CocoRange _all = new(0, Any), _small = new(0, Small), _medium = new(Small, Large), _large = new(Large, Any);

    /// <summary>Evaluates detections.</summary>
    /// <param name="scenes">The images.</param>
    /// <exception cref="ArgumentException">A score is not a number, or a label no class.</exception>
    public DetectionResult Evaluate(IReadOnlyList<EvaluatedScene> scenes)
    {
        Tally.Check(scenes, classes.Count);
        var byClass = CocoClass.Of(scenes, classes.Count);
        var (all, tally) = (Measure(byClass, _all), new Tally());
        for (var label = 0; label < classes.Count; label++) Add(tally, label, byClass[label], all[label]);
        var (small, medium, large) = (Measure(byClass, _small), Measure(byClass, _medium), Measure(byClass, _large));
        return tally.Result("COCO, the mean of overlaps of at least 0.5 to 0.95", scenes.Count) with
        {
            Coco = new()
            {
                AP = Mean(all, figure => figure.Precision),
                AP50 = all.Average(figures => figures[0].Precision),
                AP75 = all.Average(figures => figures[5].Precision),
                APSmall = Mean(small, figure => figure.Precision),
                APMedium = Mean(medium, figure => figure.Precision),
                APLarge = Mean(large, figure => figure.Precision),
                AR1 = Mean(Measure(byClass, _all, 1), figure => figure.Recall),
                AR10 = Mean(Measure(byClass, _all, 10), figure => figure.Recall),
                AR100 = Mean(all, figure => figure.Recall),
                ARSmall = Mean(small, figure => figure.Recall),
                ARMedium = Mean(medium, figure => figure.Recall),
                ARLarge = Mean(large, figure => figure.Recall),
            },
        };
    }

    void Add(Tally tally, int label, CocoClass own, CocoFigure[] figures)
    {
        var matched = own.Match(Least, _all, out var takenBy);
        foreach (var (scene, taken) in own.Scenes.Zip(takenBy))
            foreach (var (item, by) in scene.Truth.Zip(taken))
                if (!item.Crowd) tally.Add(new SceneObject(scene.Image, item), by >= 0);
        tally.Add(label, classes[label], own.Objects(_all), matched.ConvertAll(entry => entry.Found), matched.ConvertAll(entry => entry.Verdict),
            _ => figures.Average(figure => figure.Precision));
    }

    static double? Mean(List<CocoFigure[]> byClass, Func<CocoFigure, double?> value) => byClass.SelectMany(figures => figures).Average(value);

    /// <summary>Average precision and recall of each class at each overlap.</summary>
    static List<CocoFigure[]> Measure(List<CocoClass> byClass, CocoRange range, int most = CocoScene.MostDetections) =>
        byClass.ConvertAll(own => Enumerable.Range(0, Overlaps).Select(step => own.Measure(Threshold(step), range, most)).ToArray());

    /// <summary>The overlap of a step, in the arithmetic of COCO's own program, as a detection may lie on it.</summary>
    static double Threshold(int step) => step == Overlaps - 1 ? Greatest : Least + step * ((Greatest - Least) / (Overlaps - 1));
}
