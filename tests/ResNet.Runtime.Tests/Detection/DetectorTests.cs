using ResNet.Dsl;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Detection;

public class DetectorTests
{
    static readonly ShapesDetection _pictures = new(8, DatasetSplit.Test, side: 64);

    [Fact]
    public void Boxes_lie_in_the_picture_and_the_best_come_first()
    {
        using var detector = SmallDetectors.WithContrast();
        detector.Options = detector.Options with { Size = new(64, 96) };
        var picture = _pictures.Load(0).Resize(150, 110);
        var found = detector.Detect(picture, 0.1);
        Assert.NotEmpty(found);
        Assert.Equal(found.OrderByDescending(item => item.Score), found);
        Assert.All(found, item =>
        {
            Assert.InRange(item.Box.X1, 0, item.Box.X2);
            Assert.InRange(item.Box.X2, 0, 150);
            Assert.InRange(item.Box.Y2, 0, 110);
            Assert.InRange(item.Score, 0.1, 1);
            Assert.Equal($"class {item.Label}", item.Name);
        });
        Assert.Contains(found, item => item.Box.X2 > 96 || item.Box.Y2 > 64);
    }

    [Fact]
    public void A_picture_of_a_batch_is_computed_as_alone()
    {
        using var detector = SmallDetectors.WithContrast();
        detector.Options = detector.Options with { Size = new(56, 90) };
        Image[] pictures = [_pictures.Load(0), _pictures.Load(1).Resize(90, 60), _pictures.Load(2), _pictures.Load(3).Resize(50, 70), _pictures.Load(4).Resize(61, 64)];
        var together = detector.Detect(pictures, 0.1);
        Assert.Equal(pictures.Length, together.Count);
        using var other = SmallDetectors.WithContrast();
        other.Options = detector.Options;
        for (var i = pictures.Length - 1; i >= 0; i--) Assert.Equal(other.Detect(pictures[i], 0.1), together[i]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Threads_do_not_change_what_is_found(bool globalContext)
    {
        using var one = new CpuDevice(1);
        using var three = new CpuDevice(3);
        using var first = Detector.Create(SmallDetectors.Definition(globalContext), one);
        using var second = Detector.Create(SmallDetectors.Definition(globalContext), three);
        first.Options = second.Options = first.Options with { ScoreThreshold = 0.01 };
        var picture = _pictures.Load(0);
        var (expected, actual) = (first.Detect(picture, 0), second.Detect(picture, 0));
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5));
    }

    [Fact]
    public void A_new_detector_finds_nothing()
    {
        using var detector = Detector.Create(SmallDetectors.Definition());
        Assert.Empty(detector.Detect(_pictures.Load(0)));
    }

    [Fact]
    public void The_whole_picture_adds_to_all_regions()
    {
        using var detector = SmallDetectors.WithContrast(globalContext: true);
        var picture = _pictures.Load(0);
        var with = detector.Detect(picture, 0.05);
        detector.Head.Parameters["context_cls_score.fc.weight"].Edit().Clear();
        detector.Head.Parameters["context_cls_score.fc.bias"].Edit().Clear();
        detector.Head.Parameters["context_bbox_pred.fc.weight"].Edit().Clear();
        detector.Head.Parameters["context_bbox_pred.fc.bias"].Edit().Clear();
        var without = detector.Detect(picture, 0.05);
        Assert.NotEqual(with, without);
        // Of nothing added, what a detector without context finds.
        using var plain = Detector.Create(SmallDetectors.Definition());
        plain.Options = detector.Options;
        foreach (var (from, to) in new[] { (detector.Trunk, plain.Trunk), (detector.Head, plain.Head) })
            foreach (var tensor in to.Parameters.Tensors) from.Parameters[tensor.Name].Read().CopyTo(tensor.Edit());
        Assert.Equal(without, plain.Detect(picture, 0.05));
    }

    [Fact]
    public void Refinement_and_further_sizes_add_boxes_that_vote()
    {
        using var detector = SmallDetectors.WithContrast();
        var picture = _pictures.Load(0);
        var options = detector.Options with { ScoreThreshold = 0.1 };
        var once = detector.Pass.FindCandidates(picture, options);
        var twice = detector.Pass.FindCandidates(picture, options with { RefineBoxes = true });
        Assert.Equal(once, twice.Take(once.Count));
        Assert.True(twice.Count > once.Count);
        var sizes = detector.Pass.FindCandidates(picture, options with { MoreSizes = [DetectionSize.Exactly(96, 96)] });
        Assert.Equal(once, sizes.Take(once.Count));
        Assert.True(sizes.Count > once.Count);
        Assert.All(sizes, candidate => Assert.True(candidate.Box == candidate.Box.Clip(64, 64)));

        detector.Options = options with { RefineBoxes = true };
        var unvoted = detector.Detect(picture, 0.1);
        detector.Options = detector.Options with { VoteBoxes = true };
        var voted = detector.Detect(picture, 0.1);
        Assert.Equal(unvoted.Select(item => (item.Label, item.Score)), voted.Select(item => (item.Label, item.Score)));
        Assert.NotEqual(unvoted.Select(item => item.Box), voted.Select(item => item.Box));
    }

    [Fact]
    public void An_ensemble_of_equals_finds_what_one_does()
    {
        using var one = SmallDetectors.WithContrast();
        using var same = SmallDetectors.WithContrast();
        using var other = SmallDetectors.WithContrast(seed: 77);
        var picture = _pictures.Load(0);
        var expected = one.Detect(picture, 0.2);
        var alone = new DetectorEnsemble(one).Detect(picture, 0.2);
        Near(expected, alone);
        // Twice the same proposals are twice the same boxes, of which one stays.
        Near(expected, new DetectorEnsemble(one, same).Detect(picture, 0.2));
        Assert.NotEqual(expected.Count == 0 ? 0 : expected[0].Score, new DetectorEnsemble(one, other).Detect(picture, 0).Max(item => item.Score));
        other.Labels = ["a", "b", "c", "d", "e", "f"];
        Assert.Throws<ArgumentException>(() => new DetectorEnsemble(one, other));
        Assert.Throws<ArgumentException>(() => new DetectorEnsemble());

        static void Near(IReadOnlyList<DetectedObject> expected, IReadOnlyList<DetectedObject> actual)
        {
            Assert.Equal(expected.Select(item => item.Label), actual.Select(item => item.Label));
            Assert.All(expected.Zip(actual), pair =>
            {
                Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6);
                Assert.Equal(pair.First.Box.X1, pair.Second.Box.X1, 1e-3);
            });
        }
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        using var detector = Detector.Create(SmallDetectors.Definition());
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.Detect(_pictures.Load(0), 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.Detect(_pictures.Load(0), double.NaN));
        Assert.Throws<ArgumentException>(() => detector.Labels = ["one"]);
        var definition = SmallDetectors.Definition();
        Assert.Throws<NetworkException>(() => Detector.Create(definition with { Settings = definition.Settings with { Classes = 7 } }));
        Assert.Throws<NetworkException>(() => Detector.Create(definition with { Trunk = definition.Head }));
    }
}
