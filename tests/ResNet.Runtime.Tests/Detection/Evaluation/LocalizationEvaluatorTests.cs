using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Runtime.Tests.Detection.Evaluation;

public class LocalizationEvaluatorTests
{
    static readonly string[] _classes = ["disk", "ring", "bar"];

    [Fact]
    public void Errors_are_those_counted_by_hand()
    {
        Box box = new(0, 0, 8, 8);
        EvaluatedScene[] scenes =
        [
            // Right: an overlap of exactly a half, with the second of two objects.
            new([Found(0, new(0, 0, 10, 10))], [new(0, new(50, 50, 60, 60)), new(0, new(0, 0, 10, 5))]),
            // Wrong: a bit less than a half.
            new([Found(0, new(0, 0, 10, 10))], [new(0, new(0, 0, 10, 4.9))]),
            // The right box of the wrong class, and the right one fifth.
            new([Found(1, box), Found(1, box), Found(1, box), Found(1, box), Found(2, box)], [new(2, box)]),
            // Two classes, of which one is found; a crowd and a difficult object are not sought.
            new([Found(0, box)], [new(0, box), new(1, new(20, 20, 28, 28)), new(2, box) { Crowd = true }, new(2, box) { Difficult = true }]),
            new([], []),
        ];
        var five = new LocalizationEvaluator(_classes).Evaluate(scenes);
        Assert.Equal((5, 5, 2.0 / 5), (five.Images, five.Shown, five.Error));
        Assert.Equal([(1, 0), (3, 1)], five.Missed);
        Assert.Equal([(3, 1.0 / 3), (1, 1.0), (1, 0.0)], five.Classes.Select(one => (one.Shown, one.Error!.Value)));
        var four = new LocalizationEvaluator(_classes) { Guesses = 4 }.Evaluate(scenes);
        Assert.Equal([(1, 0), (2, 2), (3, 1)], four.Missed);
        var loose = new LocalizationEvaluator(_classes) { Threshold = 0.48 }.Evaluate(scenes);
        Assert.Equal([(3, 1)], loose.Missed);
    }

    [Fact]
    public void Without_objects_there_is_no_error()
    {
        var result = new LocalizationEvaluator(_classes).Evaluate([new([Found(0, new(0, 0, 1, 1))], [])]);
        Assert.Null(result.Error);
        Assert.All(result.Classes, one => Assert.Null(one.Error));
    }

    [Fact]
    public void Bad_input()
    {
        Assert.Throws<ArgumentException>(() => new LocalizationEvaluator(_classes).Evaluate([new([Found(3, default)], [])]));
        Assert.Throws<InvalidOperationException>(() => new LocalizationEvaluator(_classes) { Guesses = 0 }.Evaluate([]));
        Assert.Throws<InvalidOperationException>(() => new LocalizationEvaluator(_classes) { Threshold = 0 }.Evaluate([]));
    }

    static DetectedObject Found(int label, Box box) => new(label, $"class {label}", 0.5, box);
}
