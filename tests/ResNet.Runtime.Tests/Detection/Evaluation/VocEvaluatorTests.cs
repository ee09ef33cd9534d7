using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Runtime.Tests.Detection.Evaluation;

public sealed class VocEvaluatorTests
{
    static readonly string[] _classes = ["cat", "dog"];

    [DetectionReferenceTheory]
    [InlineData("published.json", 0.3)]
    [InlineData("generated.json", 0.5)]
    [InlineData("hand.json", 0.5)]
    public void Stored_evaluations_are_met(string name, double threshold)
    {
        var reference = new ReferenceEvaluation(name);
        var scenes = reference.Scenes(areInclusive: true);
        var voc = new VocEvaluator(reference.Classes) { Threshold = threshold };
        var expected = reference.Expected.TryGetProperty("voc", out var inner) ? inner : reference.Expected;
        foreach (var (result, measure) in ((DetectionResult, string)[])
            [(voc.Evaluate(scenes), "AP_area"), (new VocEvaluator(reference.Classes) { Threshold = threshold, ElevenPoints = true }.Evaluate(scenes), "AP_11_point")])
        {
            if (expected.GetProperty(measure) is { ValueKind: System.Text.Json.JsonValueKind.Object } byClass)
            {
                foreach (var entry in result.Classes) Assert.Equal(byClass.GetProperty(entry.Name).GetDouble(), entry.AveragePrecision!.Value, 1e-9);
                Assert.Equal(expected.GetProperty("m" + measure).GetDouble(), result.MeanAveragePrecision!.Value, 1e-9);
            }
            else Assert.Equal(expected.GetProperty(measure).GetDouble(), result.MeanAveragePrecision!.Value, 1e-9);
            Assert.Equal(reference.Scenes(true).Sum(scene => scene.Truth.Count(item => !item.Difficult)), result.Found.Count + result.Missed.Count);
        }
    }

    [DetectionReferenceFact]
    public void Curves_are_those_of_the_hand_made_example()
    {
        var reference = new ReferenceEvaluation("hand.json");
        var result = new VocEvaluator(reference.Classes).Evaluate(reference.Scenes(areInclusive: true));
        var expected = reference.Expected.GetProperty("voc");
        Assert.Equal(expected.GetProperty("recall").EnumerateArray().Select(value => value.GetDouble()), result.Classes[0].Curve.Select(point => point.Recall));
        Assert.Equal(expected.GetProperty("precision").EnumerateArray().Select(value => value.GetDouble()), result.Classes[0].Curve.Select(point => point.Precision));
        Assert.Equal([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], result.Classes[0].Curve.Select(point => point.Score));
    }

    [Fact]
    public void Mistakes_are_listed_by_kind()
    {
        DetectedObject Dog(double score, Box box) => new(1, "dog", score, box);
        EvaluatedScene[] scenes =
        [
            new([Dog(0.5, new(1, 0, 10, 10)), Dog(0.9, new(0, 0, 10, 10)), new(0, "cat", 0.7, new(0, 0, 10, 10))], [new(1, new(0, 0, 10, 10)), new(1, new(20, 0, 30, 10))]),
            new([Dog(0.8, new(5, 5, 9, 9)), Dog(0.3, new(0, 0, 4, 4))], [new(1, new(0, 0, 4, 4)) { Difficult = true }, new(1, new(50, 50, 60, 60)) { Difficult = true }]),
            new([], []),
        ];
        var result = new VocEvaluator(_classes).Evaluate(scenes);

        Assert.Equal((0, new Box(0, 0, 10, 10)), (Assert.Single(result.Found).Image, result.Found[0].Object.Box));
        Assert.Equal((0, new Box(20, 0, 30, 10)), (Assert.Single(result.Missed).Image, result.Missed[0].Object.Box));
        Assert.Equal((0, 0.5), (Assert.Single(result.Duplicates).Image, result.Duplicates[0].Detection.Score));
        Assert.Equal([(1, 0.8), (0, 0.7)], result.Background.Select(entry => (entry.Image, entry.Detection.Score)));
        Assert.Null(result.Classes[0].AveragePrecision);
        Assert.Empty(result.Classes[0].Curve);
        // The first of four that count is right, and one of two objects is found.
        Assert.Equal(0.5, result.MeanAveragePrecision);
        Assert.Equal(3, result.Images);
    }

    [Fact]
    public void An_overlap_has_to_be_above_the_threshold()
    {
        // Half of the union.
        EvaluatedScene[] scenes = [new([new(0, "cat", 0.5, new(0, 0, 10, 5))], [new(0, new(0, 0, 10, 10))])];
        Assert.Equal(0, new VocEvaluator(_classes).Evaluate(scenes).MeanAveragePrecision);
        Assert.Equal(1, new VocEvaluator(_classes) { Threshold = 0.49 }.Evaluate(scenes).MeanAveragePrecision);
    }

    [Fact]
    public void Nothing_to_find_is_no_number_and_nothing_found_is_zero()
    {
        Assert.Null(new VocEvaluator(_classes).Evaluate([]).MeanAveragePrecision);
        Assert.Equal(0, new VocEvaluator(_classes) { ElevenPoints = true }.Evaluate([new([], [new(1, new(0, 0, 5, 5))])]).MeanAveragePrecision);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Contains("Image 1", Assert.Throws<ArgumentException>(() => new VocEvaluator(_classes).Evaluate([new([], []), new([new(0, "cat", double.NaN, default)], [])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new VocEvaluator(_classes).Evaluate([new([new(2, "cow", 0.5, default)], [])]));
        Assert.Throws<ArgumentException>(() => new CocoEvaluator(_classes).Evaluate([new([], [new(-1, default)])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocEvaluator(_classes) { Threshold = 1 });
    }
}
