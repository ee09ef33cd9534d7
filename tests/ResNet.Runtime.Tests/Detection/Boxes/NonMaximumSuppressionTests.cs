using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Boxes;

public class NonMaximumSuppressionTests
{
    [DetectionReferenceTheory]
    [InlineData("0.3", 0.3)]
    [InlineData("0.5", 0.5)]
    [InlineData("0.7", 0.7)]
    public void Kept_boxes_are_torchvisions(string name, double threshold)
    {
        var reference = DetectionReference.Open("nms");
        var (boxes, scores, classes) = (reference.Boxes("boxes"), reference.Doubles("scores"), reference.Integers("classes"));
        Assert.Equal(reference.Integers($"keep.{name}"), NonMaximumSuppression.Keep(boxes, scores, threshold));
        Assert.Equal(reference.Integers($"keep_per_class.{name}"), NonMaximumSuppression.Keep(boxes, scores, classes, threshold));
        Assert.Equal(reference.Integers($"keep.{name}")[..20], NonMaximumSuppression.Keep(boxes, scores, threshold, most: 20));
    }

    [DetectionReferenceFact]
    public void Nothing_is_suppressed_by_exactly_the_threshold_or_by_a_box_without_area()
    {
        var reference = DetectionReference.Open("nms");
        Assert.Equal(reference.Integers("exact.keep.0.5"), NonMaximumSuppression.Keep(reference.Boxes("exact.boxes"), reference.Doubles("exact.scores"), 0.5));
    }

    /// <summary>Boxes on whole pixels with few scores: many overlaps are exactly the threshold, many scores equal.</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void Kept_boxes_are_those_of_the_definition(double threshold)
    {
        var random = new Random(11);
        for (var run = 0; run < 30; run++)
        {
            var boxes = RandomBoxes.Draw(random, random.Next(200), greatest: 12);
            var scores = Array.ConvertAll(boxes, _ => random.Next(10) / 10.0);
            var classes = Array.ConvertAll(boxes, _ => random.Next(3));
            Assert.Equal(Literal(boxes, scores, threshold, _ => 0), NonMaximumSuppression.Keep(boxes, scores, threshold));
            Assert.Equal(Literal(boxes, scores, threshold, i => classes[i]), NonMaximumSuppression.Keep(boxes, scores, classes, threshold));
        }
    }

    [Fact]
    public void Of_equal_scores_the_first_box_stays()
    {
        Box[] boxes = [new(0, 0, 10, 10), new(1, 0, 11, 10), new(30, 0, 40, 10), new(0, 1, 10, 11)];
        Assert.Equal([0, 2], NonMaximumSuppression.Keep(boxes, [0.5, 0.5, 0.5, 0.5], 0.5));
        Assert.Equal([2, 1], NonMaximumSuppression.Keep(boxes, [0.5, 0.6, 0.7, 0.6], 0.5));
    }

    [Fact]
    public void What_is_not_a_number_is_dropped()
    {
        Box[] boxes = [new(0, 0, 10, 10), new(1, 0, 11, 10), new(double.NaN, 0, 40, 10), new(60, 0, 70, 10)];
        Assert.Equal([1, 3], NonMaximumSuppression.Keep(boxes, [double.NaN, 0.5, 0.9, double.NegativeInfinity], 0.5));
    }

    [Fact]
    public void Bad_input()
    {
        Box[] boxes = [new(0, 0, 10, 10)];
        Assert.Empty(NonMaximumSuppression.Keep([], [], 0.5));
        Assert.Empty(NonMaximumSuppression.Keep(boxes, [1], 0.5, most: 0));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Keep(boxes, [], 0.5));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Keep(boxes, [1], [1, 2], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Keep(boxes, [1], -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Keep(boxes, [1], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Keep(boxes, [1], 0.5, most: -1));
    }

    static List<int> Literal(Box[] boxes, double[] scores, double threshold, Func<int, int> classOf)
    {
        var kept = new List<int>();
        foreach (var i in Enumerable.Range(0, boxes.Length).OrderByDescending(i => scores[i]))
            if (!kept.Exists(other => classOf(other) == classOf(i) && boxes[i].Overlap(boxes[other]) > threshold)) kept.Add(i);
        return kept;
    }
}
