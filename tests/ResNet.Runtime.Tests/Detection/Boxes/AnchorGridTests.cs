using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Boxes;

public class AnchorGridTests
{
    static readonly double[] _ratios = [0.5, 1, 2];

    [DetectionReferenceFact]
    public void Centered_anchors_are_torchvisions()
    {
        var reference = DetectionReference.Open("anchors");
        var grid = AnchorGrid.Centered([128, 256, 512], _ratios, 16);
        Assert.Equal(reference.Boxes("torchvision.cell"), grid.Cell);
        Assert.Equal(reference.Boxes("torchvision.5x7"), grid.Over(5, 7));
    }

    [DetectionReferenceFact]
    public void Paper_anchors_are_those_of_the_papers_code()
    {
        var reference = DetectionReference.Open("anchors");
        var grid = AnchorGrid.Paper([8, 16, 32], _ratios, 16);
        Assert.Equal(reference.Boxes("paper.cell"), grid.Cell);
        Assert.Equal(reference.Boxes("paper.5x7"), grid.Over(5, 7));
        Assert.Equal(reference.Boxes("paper.cell.coco"), AnchorGrid.Paper([4, 8, 16, 32], _ratios, 16).Cell);
    }

    /// <summary>The list of MATLAB's code, whose first pixel is 1.</summary>
    [Fact]
    public void Paper_anchors_are_the_published_nine()
    {
        Box[] published =
        [
            new(-83, -39, 100, 56), new(-175, -87, 192, 104), new(-359, -183, 376, 200), new(-55, -55, 72, 72), new(-119, -119, 136, 136),
            new(-247, -247, 264, 264), new(-35, -79, 52, 96), new(-79, -167, 96, 184), new(-167, -343, 184, 360),
        ];
        Assert.Equal(published, AnchorGrid.Paper([8, 16, 32], _ratios, 16).Cell.Select(box => new Box(box.X1 + 1, box.Y1 + 1, box.X2 + 1, box.Y2 + 1)));
    }

    [Fact]
    public void Half_sides_round_to_even()
    {
        Assert.Equal([new(-16, -16, 16, 16), new(-18, -18, 18, 18)], AnchorGrid.Centered([33, 35], [1], 16).Cell);
    }

    [Fact]
    public void The_values_of_each_anchor_stand_at_a_place_of_their_own()
    {
        var layout = DetectionReference.Anchors.Layout(3, 5);
        Assert.Equal(Enumerable.Range(0, 135), Enumerable.Range(0, layout.Count).Select(layout.Objectness).Order());
        Assert.Equal(Enumerable.Range(0, 540), Enumerable.Range(0, layout.Count).SelectMany(i => Enumerable.Range(0, 4).Select(k => layout.Delta(i, k))).Order());
        // The second anchor of row 2, column 4: channel 1, and channels 4 to 7.
        var anchor = (2 * 5 + 4) * 9 + 1;
        Assert.Equal(1 * 15 + 2 * 5 + 4, layout.Objectness(anchor));
        Assert.Equal(6 * 15 + 2 * 5 + 4, layout.Delta(anchor, 2));
    }

    [Fact]
    public void Sizes_ratios_and_strides_are_positive()
    {
        Assert.Throws<ArgumentException>(() => AnchorGrid.Centered([], _ratios, 16));
        Assert.Throws<ArgumentException>(() => AnchorGrid.Paper([8], [], 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnchorGrid.Centered([32, 0], _ratios, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnchorGrid.Centered([32], [double.NaN], 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnchorGrid.Paper([8], _ratios, -16));
        Assert.Empty(DetectionReference.Anchors.Over(0, 7));
    }
}
