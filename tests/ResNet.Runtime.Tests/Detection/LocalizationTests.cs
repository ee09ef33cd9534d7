using ResNet.Runtime.Detection;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Evaluation;
using ResNet.Runtime.Detection.Training;
using ResNet.Runtime.Training;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>Proposals for each class, and a head that judges them for that class (He et al. 2015, Appendix C).</summary>
public class LocalizationTests
{
    static readonly DetectionTrainerOptions _options = new()
    {
        Epochs = 110,
        ImagesPerStep = 4,
        Size = DetectionSize.Exactly(64, 64),
        Flip = false,
        Schedule = new CosineSchedule(0.1),
        Proposals = new() { BeforeSuppression = 60, AfterSuppression = 12 },
        Anchors = 8,
        Regions = 8,
        MaxGradientNorm = 10,
    };

    [Fact]
    public void A_short_run_learns_where_shapes_are()
    {
        using var detector = Create();
        // So few that seconds are enough to learn them by heart.
        var pictures = new ShapesDetection(16, side: 64) { MostShapes = 1 };
        var before = Error(detector, pictures);
        using (var trainer = new DetectionTrainer(detector, pictures, _options)) trainer.Run();
        var after = Error(detector, pictures);
        detector.Options = detector.Options with { ProposalsAlone = true };
        var proposals = Error(detector, pictures);
        Assert.True(before > 0.75 && after < 0.4 && proposals < 0.4, $"{before} became {after}, of proposals alone {proposals}");
    }

    [Fact]
    public void Nothing_is_learned_of_classes_that_an_image_does_not_show()
    {
        using var detector = Create();
        using var gradients = new DetectorGradients(detector, _options);
        var losses = gradients.Run([Scene(3)], step: 0);
        Assert.True(losses is { Objectness: > 0, ProposalBoxes: > 0, Classes: > 0, Boxes: > 0 });
        // Six anchors of each class have a channel each; the head has a column for background before the classes.
        Assert.Equal([3], Learning(detector.Trunk.Parameters["rpn.objectness.conv.weight"], gradients.Trunk, rows: 6));
        Assert.Equal([3], Learning(detector.Trunk.Parameters["rpn.deltas.conv.weight"], gradients.Trunk, rows: 24));
        Assert.Equal([1 + 3], Learning(detector.Head.Parameters["cls_score.fc.weight"], gradients.Head, rows: 1));
        Assert.Equal([1 + 3], Learning(detector.Head.Parameters["bbox_pred.fc.weight"], gradients.Head, rows: 4));

        Assert.Equal(default, gradients.Run([Scene(3) with { Objects = [] }], step: 0));
    }

    [Fact]
    public void Anchors_of_a_class_have_its_channels()
    {
        const int anchors = 2, classes = 3;
        AnchorLayout own = new(anchors, 4, 5), all = new(anchors * classes, 4, 5);
        AnchorSample first = new([3, 8], [17], [new(1, 2, 3, 4), default]), second = new([], [39, 0], []);
        var joined = AnchorSample.Join([(0, first), (2, second)], anchors, classes);
        Assert.Equal([own.Objectness(3), own.Objectness(8)], joined.Positive.Select(all.Objectness));
        Assert.Equal([own.Objectness(17), 2 * own.Count + own.Objectness(39), 2 * own.Count + own.Objectness(0)], joined.Negative.Select(all.Objectness));
        Assert.Equal(8 * own.Count + own.Delta(39, 1), all.Delta(joined.Negative[1], 1));
        Assert.Equal(first.Targets, joined.Targets);
    }

    [Fact]
    public void Each_class_that_is_asked_for_has_one_box()
    {
        using var detector = Create();
        var picture = new ShapesDetection(1, side: 64).Load(0);
        Assert.Equal([4, 0], detector.Localize(picture, 4, 0).Select(found => found.Label));
        Assert.Empty(detector.Localize(picture));
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.Localize(picture, 6));
        // What is asked for besides changes nothing.
        Assert.Equal(detector.Localize(picture, 4)[0], detector.Localize(picture, 0, 4)[1]);
        // All classes are asked for where none is given: the best box of each is the one that localization finds.
        detector.Options = detector.Options with { Most = 1000 };
        var all = detector.Detect(picture, threshold: 0);
        Assert.All(detector.Localize(picture, 0, 1, 2, 3, 4, 5), best => Assert.Equal(best, all.First(found => found.Label == best.Label)));

        using var usual = Detector.Create(SmallDetectors.Definition());
        usual.Options = usual.Options with { Size = DetectionSize.Exactly(64, 64) };
        Assert.Equal([2], usual.Localize(picture, 2).Select(found => found.Label));
        usual.Options = usual.Options with { ProposalsAlone = true };
        Assert.Contains("PerClassProposals", Assert.Throws<InvalidOperationException>(() => usual.Localize(picture, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DetectorEnsemble(detector));
    }

    [Fact]
    public void A_file_says_it()
    {
        using var folder = new TemporaryFolder();
        using var detector = Create();
        detector.Save(folder.File("weights.safetensors"));
        using var opened = Detector.Open(folder.File("weights.safetensors"));
        Assert.Equal(detector.Definition.Settings, opened.Definition.Settings);
        Assert.True(opened.Definition.Settings.PerClassProposals);
    }

    static Detector Create()
    {
        var detector = Detector.Create(SmallDetectors.Definition(perClassProposals: true));
        detector.Options = detector.Options with { Size = DetectionSize.Exactly(64, 64), Proposals = new() { BeforeSuppression = 60, AfterSuppression = 12 } };
        return detector;
    }

    static double Error(Detector detector, DetectionDataset data) => new LocalizationEvaluator(data.Classes).Evaluate(EvaluatedScenes.Localized(detector, data)).Error!.Value;

    static TrainingScene Scene(int label)
    {
        var random = new Random(label);
        return new(64, 64, [.. Enumerable.Range(0, 3 * 64 * 64).Select(_ => random.NextSingle())], [new(label, new(10, 12, 40, 44))]);
    }

    /// <summary>The groups of rows of a weight that have a gradient.</summary>
    static IEnumerable<int> Learning(ParameterTensor weight, float[] gradients, int rows)
    {
        var length = weight.Length / weight.Shape[0] * rows;
        return Enumerable.Range(0, weight.Shape[0] / rows).Where(group => gradients.AsSpan(weight.Offset + group * length, length).ContainsAnyExcept(0f));
    }
}
