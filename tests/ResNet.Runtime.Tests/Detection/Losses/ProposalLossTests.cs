using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Losses;

namespace ResNet.Runtime.Tests.Detection.Losses;

public class ProposalLossTests
{
    static readonly AnchorLayout _layout = DetectionReference.Anchors.Layout(10, 13);

    [DetectionReferenceTheory]
    [InlineData("three")]
    [InlineData("one_tiny")]
    [InlineData("none")]
    public void Losses_and_gradients_are_torchvisions(string name)
    {
        var reference = DetectionReference.Open("rpn_losses");
        var run = new Run(reference, name, new());
        Assert.Equal(reference.Numbers($"{name}.loss_objectness")[0], run.Loss.Scores, 1e-6);
        Assert.Equal(reference.Numbers($"{name}.loss_box")[0], run.Loss.Boxes, 1e-6);
        DetectionReference.Near(reference.Numbers($"{name}.grad_objectness"), Anchorwise(run.ObjectnessGradient, 1), 1e-5);
        DetectionReference.Near(reference.Numbers($"{name}.grad_deltas"), Anchorwise(run.DeltasGradient, 4), 1e-5);
    }

    [DetectionReferenceFact]
    public void The_papers_normalization_divides_by_locations()
    {
        var reference = DetectionReference.Open("rpn_losses");
        var paper = new Run(reference, "three", ProposalLoss.Paper);
        Assert.Equal(reference.Numbers("three.loss_box.paper")[0], paper.Loss.Boxes, 1e-5);
        // The gradient has the loss's factor: 10 / 130 instead of 1 / 256.
        var plain = new Run(reference, "three", new());
        DetectionReference.Near(Array.ConvertAll(plain.DeltasGradient, value => value * 2560 / 130), paper.DeltasGradient, 1e-6);
        Assert.Equal(plain.ObjectnessGradient, paper.ObjectnessGradient);
    }

    [Fact]
    public void Without_anchors_there_is_no_loss()
    {
        var (objectness, deltas) = (new float[_layout.Count], new float[4 * _layout.Count]);
        float[] objectnessGradient = [.. objectness.Select(_ => 7f)], deltasGradient = [.. deltas.Select(_ => 7f)];
        Assert.Equal(default, new ProposalLoss().Compute(new([], [], []), _layout, objectness, deltas, objectnessGradient, deltasGradient, sampled: 0));
        Assert.All(objectnessGradient, value => Assert.Equal(0, value));
        Assert.All(deltasGradient, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Bad_input()
    {
        float[] objectness = [.. Enumerable.Repeat(float.NaN, _layout.Count)], deltas = new float[4 * _layout.Count];
        var sample = new AnchorSample([3], [4], [default]);
        Assert.True(double.IsNaN(new ProposalLoss().Compute(sample, _layout, objectness, deltas, new float[_layout.Count], new float[deltas.Length], 2).Scores));
        Assert.Throws<ArgumentException>(() => new ProposalLoss().Compute(sample, _layout, deltas, deltas, deltas, deltas, 2));
        Assert.Throws<ArgumentException>(() => new ProposalLoss().Compute(sample, _layout, objectness, deltas, objectness, objectness, 2));
    }

    /// <summary>Feature maps of <paramref name="values"/> channels per anchor, in the order of the anchors.</summary>
    static float[] Anchorwise(float[] maps, int values) =>
        [.. from location in Enumerable.Range(0, 130) from channel in Enumerable.Range(0, 9 * values) select maps[channel * 130 + location]];

    /// <summary>Values in the order of the anchors, as feature maps.</summary>
    static float[] Maps(float[] anchorwise, int values) =>
        [.. from channel in Enumerable.Range(0, 9 * values) from location in Enumerable.Range(0, 130) select anchorwise[location * 9 * values + channel]];

    sealed class Run
    {
        public Run(DetectionReference reference, string name, ProposalLoss loss)
        {
            var targets = reference.Deltas($"{name}.targets");
            var positive = reference.Integers($"{name}.positive");
            var sample = new AnchorSample(positive, reference.Integers($"{name}.negative"), Array.ConvertAll(positive, i => targets[i]));
            Loss = loss.Compute(
                sample, _layout, Maps(reference.Numbers($"{name}.objectness"), 1), Maps(reference.Numbers($"{name}.deltas"), 4),
                ObjectnessGradient, DeltasGradient, sample.Count);
        }

        public SampleLoss Loss { get; }
        public float[] ObjectnessGradient { get; } = new float[_layout.Count];
        public float[] DeltasGradient { get; } = new float[4 * _layout.Count];
    }
}
