using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Boxes;

public class AnchorSamplingTests
{
    static readonly Box[] _anchors = DetectionReference.Anchors.Over(10, 13);

    [DetectionReferenceTheory]
    [InlineData("three")]
    [InlineData("one_tiny")]
    public void Targets_are_torchvisions(string name)
    {
        var reference = DetectionReference.Open("rpn_losses");
        var sample = AnchorSample.Of(
            reference.Integers($"{name}.positive"), reference.Integers($"{name}.negative"), reference.Integers($"{name}.matched"),
            reference.Objects($"{name}.truth"), reference.Boxes("anchors"), BoxCoder.Proposals);
        var targets = reference.Deltas($"{name}.targets");
        var expected = sample.Positive.SelectMany(i => Enumerable.Range(0, 4).Select(k => (float)targets[i][k])).ToArray();
        DetectionReference.Near(expected, [.. sample.Targets.SelectMany(deltas => Enumerable.Range(0, 4).Select(k => (float)deltas[k]))], 1e-5);
    }

    [DetectionReferenceTheory]
    [InlineData("three", 3, 253)]
    [InlineData("one_tiny", 6, 250)]
    [InlineData("none", 0, 256)]
    public void Anchors_are_drawn_among_those_of_their_kind(string name, int positive, int negative)
    {
        var reference = DetectionReference.Open("rpn_losses");
        var sample = new AnchorSampling().Choose(reference.Boxes("anchors"), reference.Objects($"{name}.truth"), 208, 160, BalancedDraw.Stream(1, "anchors", 2, 3));
        var labels = reference.Numbers($"{name}.labels");
        Assert.Equal((positive, negative), (sample.Positive.Length, sample.Negative.Length));
        Assert.All(sample.Positive, i => Assert.Equal(1, labels[i]));
        Assert.All(sample.Negative, i => Assert.Equal(0, labels[i]));
    }

    [Fact]
    public void Anchors_that_cross_the_border_can_be_left_out()
    {
        ObjectAnnotation[] objects = [new(0, new(0, 0, 60, 60))];
        var sampling = new AnchorSampling { InsideOnly = true, Draw = new(2000, 0.5) };
        var sample = sampling.Choose(_anchors, objects, 208, 160, BalancedDraw.Stream(1, "anchors", 0, 0));
        Assert.NotEmpty(sample.Positive);
        Assert.All(sample.Positive.Concat(sample.Negative), i => Assert.True(_anchors[i].Clip(208, 160) == _anchors[i]));
        var all = (sampling with { InsideOnly = false }).Choose(_anchors, objects, 208, 160, BalancedDraw.Stream(1, "anchors", 0, 0));
        Assert.Contains(all.Negative, i => _anchors[i].X1 < 0);
    }

    [Fact]
    public void The_draw_is_a_function_of_seed_step_and_image()
    {
        int[] matches = [.. Enumerable.Range(0, 1000).Select(i => i % 3 - 2)];
        int[] Drawn(ulong seed, string name, int step, int image) => new BalancedDraw(50, 0.2).Draw(matches, BalancedDraw.Stream(seed, name, step, image)).Negative;
        var first = Drawn(1, "anchors", 1, 1);
        Assert.Equal(first, Drawn(1, "anchors", 1, 1));
        Assert.NotEqual(first, Drawn(2, "anchors", 1, 1));
        Assert.NotEqual(first, Drawn(1, "regions", 1, 1));
        Assert.NotEqual(first, Drawn(1, "anchors", 2, 1));
        Assert.NotEqual(first, Drawn(1, "anchors", 1, 2));
    }

    [Fact]
    public void Each_box_is_as_likely_as_any_other()
    {
        // 20 of 100 are drawn in each of 2000 steps: 400 times each, with a deviation of 18.
        var matches = new int[100];
        var times = new int[100];
        for (var step = 0; step < 2000; step++)
            foreach (var i in new BalancedDraw(20, 1).Draw(matches, BalancedDraw.Stream(9, "regions", step, 0)).Positive) times[i]++;
        Assert.All(times, count => Assert.InRange(count, 310, 490));
    }

    [Fact]
    public void Background_takes_the_place_of_missing_objects_and_nothing_that_of_missing_background()
    {
        var random = BalancedDraw.Stream(1, "regions", 0, 0);
        var draw = new BalancedDraw(8, 0.5);
        Assert.Equal((1, 7), Lengths(draw.Draw([0, .. Enumerable.Repeat(-1, 20)], random)));
        Assert.Equal((4, 2), Lengths(draw.Draw([0, 1, 2, 3, 4, 5, -1, -1], random)));
        Assert.Equal((0, 0), Lengths(draw.Draw([-2, -2], random)));
        Assert.Equal((0, 0), Lengths(draw.Draw([], random)));
        Assert.Throws<ArgumentException>(() => new BalancedDraw(-1, 0.5).Draw([], random));
        Assert.Throws<ArgumentException>(() => new BalancedDraw(1, double.NaN).Draw([], random));

        static (int, int) Lengths((int[] Positive, int[] Negative) drawn) => (drawn.Positive.Length, drawn.Negative.Length);
    }
}
