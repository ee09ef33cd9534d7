using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Runtime.Tests.Detection.Evaluation;

public sealed class CocoEvaluatorTests
{
    [DetectionReferenceTheory]
    [InlineData("generated.json", false)]
    [InlineData("hand.json", true)]
    public void Stored_evaluations_are_met(string name, bool isInclusive)
    {
        var reference = new ReferenceEvaluation(name);
        var result = new CocoEvaluator(reference.Classes).Evaluate(reference.Scenes(isInclusive, areDifficultCrowds: isInclusive));
        var (expected, figures) = (reference.Expected.GetProperty("coco"), result.Coco!);
        (string, double?)[] twelve =
        [
            ("AP", figures.AP), ("AP50", figures.AP50), ("AP75", figures.AP75), ("AP_small", figures.APSmall), ("AP_medium", figures.APMedium), ("AP_large", figures.APLarge),
            ("AR_1", figures.AR1), ("AR_10", figures.AR10), ("AR_100", figures.AR100), ("AR_small", figures.ARSmall), ("AR_medium", figures.ARMedium), ("AR_large", figures.ARLarge),
        ];
        // COCO's own program says -1 where there is nothing to find.
        Assert.All(twelve, entry => Assert.Equal(expected.GetProperty(entry.Item1).GetDouble(), entry.Item2 ?? -1, 1e-9));
        Assert.All(result.Classes, entry => Assert.Equal(expected.GetProperty("AP_per_class").GetProperty(entry.Name).GetDouble(), entry.AveragePrecision!.Value, 1e-9));
        Assert.Equal(figures.AP!.Value, result.MeanAveragePrecision!.Value, 1e-9);
    }

    [Fact]
    public void A_crowd_takes_any_number_of_detections_and_counts_for_nothing()
    {
        EvaluatedScene scene = new(
            [new(0, "cat", 0.9, new(0, 0, 10, 10)), new(0, "cat", 0.8, new(10, 0, 20, 10)), new(0, "cat", 0.7, new(200, 0, 210, 10))],
            [new(0, new(0, 0, 100, 100)) { Crowd = true }, new(0, new(200, 0, 210, 10))]);
        var result = new CocoEvaluator(["cat"]).Evaluate([scene]);
        Assert.Equal((1, 1), (result.Coco!.AP!.Value, result.Classes[0].Objects));
        Assert.Empty(result.Background);
        Assert.Empty(result.Missed);
        Assert.Null(new CocoEvaluator(["cat"]).Evaluate([scene with { Truth = [scene.Truth[0]] }]).Coco!.AP);
    }

    [Fact]
    public void Outlines_decide_what_is_small()
    {
        ObjectAnnotation item = new(0, new(0, 0, 40, 40));
        var found = new DetectedObject(0, "cat", 0.9, item.Box);
        var boxes = new CocoEvaluator(["cat"]).Evaluate([new([found], [item])]).Coco!;
        var outlines = new CocoEvaluator(["cat"]).Evaluate([new([found], [item with { OutlineArea = 900 }])]).Coco!;
        Assert.Equal((null, 1), (boxes.APSmall, boxes.APMedium!.Value));
        Assert.Equal((1, null), (outlines.APSmall!.Value, outlines.APMedium));
    }

    [Fact]
    public void A_hundred_detections_of_an_image_count()
    {
        ObjectAnnotation item = new(0, new(0, 0, 40, 40));
        var wrong = Enumerable.Range(0, 100).Select(at => new DetectedObject(0, "cat", 0.9, new(100, 100, 110, 110)));
        var right = new DetectedObject(0, "cat", 0.1, item.Box);
        Assert.Equal(0, new CocoEvaluator(["cat"]).Evaluate([new([.. wrong, right], [item])]).Coco!.AR100);
        Assert.Equal(1, new CocoEvaluator(["cat"]).Evaluate([new([.. wrong.Skip(1), right], [item])]).Coco!.AR100);
    }

    [Fact]
    public void Mistakes_are_listed_by_kind()
    {
        EvaluatedScene scene = new(
            [new(0, "cat", 0.9, new(0, 0, 10, 10)), new(0, "cat", 0.8, new(0, 0, 10, 9)), new(0, "cat", 0.7, new(50, 0, 60, 10))],
            [new(0, new(0, 0, 10, 10)), new(0, new(20, 0, 30, 10))]);
        var result = new CocoEvaluator(["cat"]).Evaluate([scene]);
        Assert.Equal(new(0, 0, 10, 10), Assert.Single(result.Found).Object.Box);
        Assert.Equal(new(20, 0, 30, 10), Assert.Single(result.Missed).Object.Box);
        Assert.Equal(0.8, Assert.Single(result.Duplicates).Detection.Score);
        Assert.Equal(0.7, Assert.Single(result.Background).Detection.Score);
    }
}
