using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Tests.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Regions;

public class RegionSamplingTests
{
    static readonly CounterRandom _random = BalancedDraw.Stream(1, "regions", 5, 0);

    /// <summary>Drawing them all gives each of the reference's regions its label and its targets.</summary>
    [DetectionReferenceTheory]
    [InlineData("mini_pool_step")]
    [InlineData("resnet18_align_step")]
    public void Labels_and_targets_are_torchvisions(string file)
    {
        var reference = DetectionReference.Open(file);
        var labels = reference.Integers("0.truth.labels");
        ObjectAnnotation[] objects = [.. reference.Boxes("0.truth.boxes").Select((box, i) => new ObjectAnnotation(labels[i] - 1, box))];
        var regions = reference.Boxes("0.roi.boxes");
        var sample = new RegionSampling { Draw = new(100, 1) }.Choose(regions, objects, _random);
        Assert.Equal(regions.Length + objects.Length, sample.Boxes.Length);
        var targets = reference.Deltas("0.roi.targets");
        foreach (var (region, i) in regions.Select((region, i) => (region, i)))
        {
            var own = Array.IndexOf(sample.Boxes, region);
            Assert.Equal(reference.Integers("0.roi.labels")[i], sample.Labels[own]);
            if (sample.Labels[own] == 0) continue;
            for (var k = 0; k < 4; k++) Assert.Equal(targets[i][k], sample.Targets[own][k], 1e-4);
        }
    }

    [Fact]
    public void Objects_are_proposals_too_and_a_quarter_shows_objects()
    {
        var random = new Random(2);
        ObjectAnnotation[] objects = [new(4, new(10, 10, 40, 40)), new(2, new(60, 60, 90, 90))];
        Box[] proposals = [.. RandomBoxes.Draw(random, 300), .. Enumerable.Range(0, 50).Select(i => new Box(10 + i / 10.0, 10, 40, 40))];
        var sample = new RegionSampling().Choose(proposals, objects, _random);
        Assert.Equal(128, sample.Boxes.Length);
        Assert.Equal(32, sample.Labels.Count(label => label > 0));
        Assert.All(sample.Labels.Take(32), label => Assert.Contains(label, new[] { 5, 3 }));
        var alone = new RegionSampling().Choose([], objects, _random);
        Assert.Equal([5, 3], alone.Labels);
        Assert.Equal([default, default], alone.Targets);
    }

    [Fact]
    public void Difficult_objects_and_crowds_are_no_regions()
    {
        ObjectAnnotation[] objects = [new(0, new(10, 10, 40, 40)) { Difficult = true }, new(0, new(60, 60, 90, 90)) { Crowd = true }];
        var sample = new RegionSampling().Choose([new(11, 10, 40, 40), new(62, 62, 70, 70), new(0, 50, 20, 90)], objects, _random);
        Assert.Equal(new Box(0, 50, 20, 90), Assert.Single(sample.Boxes));
        Assert.Equal([0], sample.Labels);
    }

    [Fact]
    public void Background_may_have_a_least_overlap()
    {
        var sampling = new RegionSampling { Matcher = BoxMatcher.Regions with { LeastBackground = 0.1 } };
        var sample = sampling.Choose([new(10, 10, 40, 22), new(60, 60, 90, 90)], [new(0, new(10, 10, 40, 40))], _random);
        Assert.Equal([new(10, 10, 40, 40), new(10, 10, 40, 22)], sample.Boxes);
        Assert.Equal([1, 0], sample.Labels);
    }

    [Fact]
    public void An_image_without_objects_shows_background_and_one_without_proposals_nothing()
    {
        Assert.Equal([0], new RegionSampling().Choose([new(0, 0, 5, 5)], [], _random).Labels);
        Assert.Empty(new RegionSampling().Choose([], [], _random).Boxes);
    }
}
