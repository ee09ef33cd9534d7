using System.Globalization;
using System.Xml.Linq;
using ResNet.Runtime.Training;

namespace ResNet.Reports.Tests;

public class TrainingCurveTests
{
    static EpochMetrics Epoch(int epoch, double? validation = null) => new(10 * epoch, epoch, 1.0 / epoch, 0.5, validation, 0.1, 3);

    static List<string> Texts(XDocument svg) => [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    static List<(int Thickness, double[] Heights)> Curves(XDocument svg) =>
    [
        .. svg.Descendants().Where(element => element.Name.LocalName == "polyline" && element.Attribute("style")!.Value.Contains("stroke:rgb(31,95,168)", StringComparison.Ordinal))
            .Select(element => (
                element.Attribute("style")!.Value.Contains("stroke-width:3", StringComparison.Ordinal) ? 3 : 1,
                element.Attribute("points")!.Value.Split(' ').Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)).ToArray())),
    ];

    [Fact]
    public void Training_is_thin_and_validation_bold_and_a_legend_says_which_is_which()
    {
        var svg = XDocument.Parse(TrainingCurve.Draw([Epoch(1, 0.2), Epoch(2, 0.6), Epoch(3, 0.9)], "a < b & c"));
        Assert.Empty(((string[])["a < b & c", "training", "validation", "epoch", "error (%)"]).Except(Texts(svg)));
        // The legend shows each as a line of two points.
        Assert.Equal([(1, 2), (1, 3), (3, 2), (3, 3)], Curves(svg).Select(curve => (curve.Thickness, curve.Heights.Length)).Order());
        var validation = Curves(svg).Single(curve => curve is { Thickness: 3, Heights.Length: 3 }).Heights;
        // Errors of 80, 40 and 10 % on a straight scale; down is up in SVG.
        Assert.Equal(40.0 / 30, (validation[1] - validation[0]) / (validation[2] - validation[1]), 2);
    }

    [Theory]
    [InlineData(1, "0 1")]
    [InlineData(2, "0 1 2")]
    [InlineData(7, "0 1 2 3 4 5 6 7")]
    [InlineData(39, "0 5 10 15 20 25 30 35")]
    [InlineData(164, "0 20 40 60 80 100 120 140 160")]
    [InlineData(1000, "0 100 200 300 400 500 600 700 800 900 1000")]
    public void Ticks_are_whole_and_round_epochs(int epochs, string expected)
    {
        var svg = XDocument.Parse(TrainingCurve.Draw([.. Enumerable.Range(1, epochs).Select(epoch => Epoch(epoch, 0.5))], "x"));
        var below = svg.Descendants().Where(element => element.Name.LocalName == "text" && element.Attribute("text-anchor")!.Value == "middle")
            .Select(element => element.Value).Where(text => int.TryParse(text, out _));
        Assert.Equal(expected, string.Join(' ', below));
    }

    [Fact]
    public void A_single_epoch_is_a_dot()
    {
        var svg = XDocument.Parse(TrainingCurve.Draw([Epoch(1)], ""));
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName is "ellipse" or "circle");
        Assert.DoesNotContain("validation", Texts(svg));
    }

    [Fact]
    public void No_epoch_is_refused_and_an_unprintable_title_is_not()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingCurve.Draw([], ""));
        Assert.Contains("ab🐈", Texts(XDocument.Parse(TrainingCurve.Draw([Epoch(1)], "a\u0001b\uFFFE🐈"))));
    }

    [Fact]
    public void A_perfect_network_has_a_curve_too() =>
        Assert.Contains("error (%)", Texts(XDocument.Parse(TrainingCurve.Draw([Epoch(1, 1) with { Accuracy = 1 }, Epoch(2, 1) with { Accuracy = 1 }], "x"))));
}
