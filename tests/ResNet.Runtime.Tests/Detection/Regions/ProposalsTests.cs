using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Tests.Detection.Regions;

public class ProposalsTests
{
    static readonly ProposalOptions _options = new() { BeforeSuppression = 200, AfterSuppression = 40 };
    static readonly AnchorLayout _layout = DetectionReference.Anchors.Layout(10, 13);
    static readonly Box[] _anchors = DetectionReference.Anchors.Over(10, 13);

    [DetectionReferenceTheory]
    [InlineData("mini_pool_forward", 2)]
    [InlineData("mini_align_forward", 2)]
    [InlineData("resnet18_pool_forward", 1)]
    [InlineData("resnet18_align_forward", 1)]
    public void Proposals_are_torchvisions(string file, int images)
    {
        var reference = DetectionReference.Open(file);
        for (var image = 0; image < images; image++)
        {
            var proposals = Of(reference.Image("rpn.objectness", image, images), reference.Image("rpn.deltas", image, images), _options);
            DetectionReference.Near(reference.Boxes($"{image}.proposals"), Array.ConvertAll(proposals, proposal => proposal.Box), 1e-4 * 208);
        }
    }

    [Fact]
    public void Equal_scores_keep_the_order_of_the_anchors()
    {
        var proposals = Of(new float[_layout.Count], new float[4 * _layout.Count], _options with { BeforeSuppression = 3, Threshold = 1 });
        Assert.Equal(_anchors.Take(3).Select(box => box.Clip(208, 160)), proposals.Select(proposal => proposal.Box));
    }

    [Fact]
    public void Anchors_that_are_not_numbers_are_left_out()
    {
        float[] objectness = [.. Enumerable.Repeat(float.NaN, _layout.Count)], deltas = new float[4 * _layout.Count];
        Assert.Empty(Of(objectness, deltas, _options));
        objectness[_layout.Objectness(600)] = -5;
        objectness[_layout.Objectness(700)] = 5;
        deltas[_layout.Delta(700, 2)] = float.NaN;
        Assert.Equal(new ScoredBox(0, -5, _anchors[600].Clip(208, 160)), Assert.Single(Of(objectness, deltas, _options)));
    }

    [Fact]
    public void Small_boxes_are_left_out()
    {
        var deltas = new float[4 * _layout.Count];
        for (var i = 0; i < _layout.Count; i++) deltas[_layout.Delta(i, 3)] = -9;
        Assert.Empty(Of(new float[_layout.Count], deltas, _options with { LeastSide = 1 }));
        Assert.NotEmpty(Of(new float[_layout.Count], deltas, _options));
    }

    [Fact]
    public void Bad_input()
    {
        var (objectness, deltas) = (new float[_layout.Count], new float[4 * _layout.Count]);
        Assert.Throws<ArgumentException>(() => Of(deltas, deltas, _options));
        Assert.Throws<ArgumentException>(() => Of(objectness, objectness, _options));
        Assert.Throws<ArgumentException>(() => Proposals.Of(objectness, deltas, _layout, [], BoxCoder.Proposals, 208, 160, _options));
        Assert.Empty(Of(objectness, deltas, _options with { AfterSuppression = 0 }));
    }

    static ScoredBox[] Of(float[] objectness, float[] deltas, ProposalOptions options) =>
        Proposals.Of(objectness, deltas, _layout, _anchors, BoxCoder.Proposals, 208, 160, options);
}
