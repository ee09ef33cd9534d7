using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Boxes;

public class BoxMatcherTests
{
    const int Background = BoxMatcher.Background, Ignored = BoxMatcher.Ignored;

    [DetectionReferenceTheory]
    [InlineData("three")]
    [InlineData("one_tiny")]
    public void Anchors_are_matched_as_torchvisions(string name)
    {
        var reference = DetectionReference.Open("rpn_losses");
        Assert.Equal(reference.Integers($"{name}.matched"), BoxMatcher.Anchors.Match(reference.Objects($"{name}.truth"), reference.Boxes("anchors")));
    }

    [DetectionReferenceFact]
    public void The_anchors_of_the_references_are_the_grids()
    {
        Assert.Equal(DetectionReference.Open("rpn_losses").Boxes("anchors"), DetectionReference.Anchors.Over(10, 13));
    }

    [DetectionReferenceFact]
    public void Without_objects_all_is_background()
    {
        var reference = DetectionReference.Open("rpn_losses");
        Assert.All(BoxMatcher.Anchors.Match([], reference.Boxes("anchors")), match => Assert.Equal(Background, match));
    }

    [Fact]
    public void Thresholds_belong_to_the_better_side()
    {
        // Overlaps 1, 0.5, 0.25 and 0 with the object.
        Box[] boxes = [new(0, 0, 8, 8), new(0, 0, 8, 4), new(0, 0, 4, 4), new(20, 20, 30, 30)];
        ObjectAnnotation[] objects = [new(0, new(0, 0, 8, 8))];
        Assert.Equal([0, 0, Ignored, Background], new BoxMatcher(0.25, 0.5).Match(objects, boxes));
        Assert.Equal([0, 0, Background, Ignored], new BoxMatcher(0.5, 0.5) { LeastBackground = 0.1 }.Match(objects, boxes));
        Assert.Equal([0, Background, Background, Background], new BoxMatcher(0.6, 0.7).Match(objects, boxes));
    }

    [Fact]
    public void All_boxes_that_overlap_an_object_most_are_matched_with_their_own_best()
    {
        // The first two overlap the second object equally, the second overlaps the first object more.
        Box[] boxes = [new(0, 0, 10, 10), new(10, 0, 20, 10), new(50, 50, 60, 60)];
        ObjectAnnotation[] objects = [new(0, new(14, 0, 20, 10)), new(0, new(8, 4, 12, 6))];
        Assert.Equal([1, 0, Background], new BoxMatcher(0.3, 0.9) { BestOfObject = true }.Match(objects, boxes));
        // An object that nothing overlaps has no best box.
        Assert.Equal([Background, Background], new BoxMatcher(0.3, 0.9) { BestOfObject = true }.Match([new(0, new(80, 80, 90, 90))], boxes.AsSpan(0, 2)));
    }

    [Fact]
    public void Difficult_objects_and_crowds_teach_nothing()
    {
        Box[] boxes = [new(0, 0, 10, 10), new(40, 40, 50, 50), new(40, 40, 44, 44), new(80, 80, 90, 90), new(55, 40, 65, 50)];
        ObjectAnnotation[] objects = [new(0, new(0, 0, 10, 10)) { Difficult = true }, new(0, new(40, 40, 60, 60)) { Crowd = true }];
        Assert.Equal([Ignored, Ignored, Ignored, Background, Ignored], BoxMatcher.Anchors.Match(objects, boxes));
        // An object within a crowd is found all the same.
        Assert.Equal([Ignored, 2, Ignored, Background, Ignored], BoxMatcher.Anchors.Match([.. objects, new(3, new(40, 40, 50, 50))], boxes));
    }

    [Fact]
    public void Bad_input()
    {
        Assert.Empty(BoxMatcher.Anchors.Match([], []));
        Assert.Empty(BoxMatcher.Anchors.Match([new(0, new(0, 0, 1, 1))], []));
        Assert.Throws<ArgumentException>(() => new BoxMatcher(0.7, 0.3).Match([], []));
        Assert.Throws<ArgumentException>(() => new BoxMatcher(double.NaN, 0.3).Match([], []));
        Assert.Throws<ArgumentException>(() => BoxMatcher.Anchors.Match([new(0, new(5, 5, 5, 9))], []));
        Assert.Throws<ArgumentException>(() => BoxMatcher.Anchors.Match([new(0, new(5, 5, double.NaN, 9))], []));
        // A box that is not a number overlaps nothing.
        Assert.Equal([Background], BoxMatcher.Anchors.Match([new(0, new(0, 0, 1, 1))], [new Box(0, 0, double.NaN, 1)]));
    }
}
