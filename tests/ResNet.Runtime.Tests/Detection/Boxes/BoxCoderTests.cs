using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Boxes;

public class BoxCoderTests
{
    static BoxCoder Coder(string name) => name == "rpn" ? BoxCoder.Proposals : BoxCoder.Regions;

    [DetectionReferenceTheory]
    [InlineData("rpn")]
    [InlineData("roi")]
    public void Deltas_are_torchvisions(string name)
    {
        var (reference, coder) = (DetectionReference.Open("box_coder"), Coder(name));
        var proposals = reference.Boxes("proposals");
        Near(reference.Deltas($"encoded.{name}"), [.. reference.Boxes("truth").Zip(proposals, coder.Encode)]);
        Box[] decoded = [.. reference.Deltas("deltas").Select((deltas, i) => coder.Decode(deltas, proposals[i / 2]))];
        DetectionReference.Near(reference.Boxes($"decoded.{name}"), decoded, 5e-3);
        DetectionReference.Near(reference.Boxes($"clipped.{name}"), Array.ConvertAll(decoded, box => box.Clip(300, 200)), 1e-3);
    }

    [DetectionReferenceFact]
    public void Deltas_are_those_of_the_papers_code()
    {
        var reference = DetectionReference.Open("box_coder");
        var proposals = reference.Boxes("proposals");
        Near(reference.Deltas("encoded.paper"), [.. reference.Boxes("truth").Zip(proposals, BoxCoder.Paper.Encode)]);
        DetectionReference.Near(reference.Boxes("decoded.paper"), [.. reference.Deltas("small_deltas").Zip(proposals, BoxCoder.Paper.Decode)], 1e-3);
    }

    [Fact]
    public void Decoding_inverts_encoding()
    {
        var random = new Random(5);
        foreach (var (box, reference) in RandomBoxes.Draw(random, 50).Zip(RandomBoxes.Draw(random, 50)))
            DetectionReference.Near([box], [BoxCoder.Regions.Decode(BoxCoder.Regions.Encode(box, reference), reference)], 1e-9);
    }

    [Fact]
    public void Growth_is_limited()
    {
        var box = BoxCoder.Regions.Decode(new(0, 0, 1e30, double.PositiveInfinity), new(0, 0, 16, 32));
        Assert.Equal(1000, box.Width, 6);
        Assert.Equal(2000, box.Height, 6);
        Assert.Equal(double.PositiveInfinity, BoxCoder.Paper.Decode(new(0, 0, 1e30, 0), new(0, 0, 16, 32)).X2);
    }

    [Fact]
    public void A_box_without_area_has_no_deltas()
    {
        Box good = new(0, 0, 4, 4);
        foreach (var bad in new Box[] { new(3, 3, 3, 9), new(5, 5, 4, 9), new(0, double.NaN, 4, 4), new(0, 0, double.PositiveInfinity, 1) })
        {
            Assert.Throws<ArgumentException>(() => BoxCoder.Proposals.Encode(bad, good));
            Assert.Throws<ArgumentException>(() => BoxCoder.Proposals.Encode(good, bad));
        }
        // With inclusive corners a box of one pixel begins and ends at the same.
        Assert.Equal(default, BoxCoder.Paper.Encode(new(3, 3, 3, 3), new(3, 3, 3, 3)));
    }

    static void Near(BoxDeltas[] expected, BoxDeltas[] actual) => DetectionReference.Near(Numbers(expected), Numbers(actual), 1e-5);

    static float[] Numbers(BoxDeltas[] all) => [.. all.SelectMany(deltas => Enumerable.Range(0, 4).Select(i => (float)deltas[i]))];
}
