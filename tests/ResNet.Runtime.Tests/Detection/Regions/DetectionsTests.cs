using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Tests.Detection.Regions;

public class DetectionsTests
{
    static ScoredBox[] Found(HeadOutputs outputs, double width, double height) =>
        Suppression.Keep(outputs.Candidates(width, height, threshold: 0.05, leastSide: 0.01), threshold: 0.3, most: 20);

    [DetectionReferenceTheory]
    [InlineData("mini_pool_forward", 2, 3)]
    [InlineData("mini_align_forward", 2, 3)]
    [InlineData("resnet18_pool_forward", 1, 20)]
    [InlineData("resnet18_align_forward", 1, 20)]
    public void Detections_are_torchvisions(string file, int images, int classes)
    {
        var reference = DetectionReference.Open(file);
        for (var image = 0; image < images; image++)
        {
            var outputs = new HeadOutputs(
                reference.Image("roi.logits", image, images), reference.Image("roi.box_regression", image, images), reference.Boxes($"{image}.proposals"),
                classes, BoxCoder.Regions);
            var found = Found(outputs, 208, 160);
            Assert.Equal(reference.Integers($"{image}.detections.labels"), found.Select(item => item.Label + 1));
            DetectionReference.Near(reference.Numbers($"{image}.detections.scores"), [.. found.Select(item => (float)item.Score)], 1e-5);
            DetectionReference.Near(reference.Boxes($"{image}.detections.boxes"), Array.ConvertAll(found, item => item.Box), 1e-4 * 208);
        }
    }

    [Fact]
    public void Only_boxes_of_one_class_suppress_each_other()
    {
        // Two regions at one place: probabilities 0.1, 0.3, 0.6 and 0.2, 0.5, 0.3.
        float[] logits = [Log(0.1), Log(0.3), Log(0.6), Log(0.2), Log(0.5), Log(0.3)];
        Box region = new(10, 10, 30, 30);
        var found = Found(new HeadOutputs(logits, new float[24], [region, region], 2, BoxCoder.Regions), 100, 100);
        Assert.Equal([(1, 0.6), (0, 0.5)], found.Select(item => (item.Label, Math.Round(item.Score, 6))));
        Assert.Equal([region, region], found.Select(item => item.Box));

        static float Log(double probability) => (float)Math.Log(probability);
    }

    [Fact]
    public void A_second_pass_takes_the_boxes_of_the_best_classes()
    {
        // Background does not count; class 1 moves by half a width to the right, class 0 stays.
        float[] logits = [9, 1, 2, 0, 3, 2], regression = new float[24];
        regression[2 * 4] = regression[12 + 2 * 4] = 5;
        Box region = new(10, 10, 30, 30);
        HeadOutputs outputs = new(logits, regression, [region, region], 2, BoxCoder.Regions);
        Assert.Equal([new(20, 10, 40, 30), region], outputs.Refine(100, 100));
        Assert.Equal(new Box(20, 10, 35, 30), outputs.Refine(35, 100)[0]);
    }

    [Fact]
    public void What_is_not_a_number_is_no_object()
    {
        Box[] regions = [new(10, 10, 30, 30), new(50, 50, 70, 70), new(80, 10, 90, 30)];
        float[] logits = [0, float.NaN, 0, 9, 0, 9], regression = new float[24];
        regression[12] = float.NaN;
        var only = Assert.Single(Found(new HeadOutputs(logits, regression, regions, 1, BoxCoder.Regions), 100, 100));
        Assert.Equal(regions[2], only.Box);
    }

    [Fact]
    public void Bad_input()
    {
        Assert.Empty(Found(new HeadOutputs([], [], [], 20, BoxCoder.Regions), 100, 100));
        Assert.Throws<ArgumentException>(() => new HeadOutputs(new float[3], new float[12], [], 2, BoxCoder.Regions).Classes);
        Assert.Throws<ArgumentException>(() => new HeadOutputs(new float[3], new float[11], [default], 2, BoxCoder.Regions).Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeadOutputs([], [], [], 0, BoxCoder.Regions).Classes);
        // A region wholly outside of the image leaves nothing within it.
        Assert.Empty(Found(new HeadOutputs([0, 9], new float[8], [new(200, 200, 220, 220)], 1, BoxCoder.Regions), 100, 100));
    }
}
