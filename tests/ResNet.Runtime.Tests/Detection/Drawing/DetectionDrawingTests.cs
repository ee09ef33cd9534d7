using ResNet.Runtime.Detection.Drawing;

namespace ResNet.Runtime.Tests.Detection.Drawing;

public sealed class DetectionDrawingTests
{
    static readonly Image _grey = Image.FromRgb(300, 200, [.. Enumerable.Repeat((byte)128, 3 * 300 * 200)]);

    [Fact]
    public void Lines_lie_along_the_box_and_the_picture_stays_as_it_was()
    {
        var drawn = DetectionDrawing.Draw(_grey, [new DrawnBox(new(50, 60, 150, 120), null, 0)]);

        Assert.All(_grey.Pixels.ToArray(), value => Assert.Equal(128, value));
        Assert.Equal((300, 200), (drawn.Width, drawn.Height));
        var color = drawn[50, 60];
        Assert.NotEqual(((byte)128, (byte)128, (byte)128), color);
        Assert.All(new[] { drawn[100, 60], drawn[149, 119], drawn[50, 100], drawn[149, 100], drawn[100, 119] }, pixel => Assert.Equal(color, pixel));
        Assert.All(new[] { drawn[49, 60], drawn[150, 60], drawn[100, 90], drawn[100, 120] }, pixel => Assert.Equal(_grey[0, 0], pixel));
    }

    [Fact]
    public void A_side_between_pixels_is_blended()
    {
        Image Draw(double left) => DetectionDrawing.Draw(_grey, [new DrawnBox(new(left, 60, 150, 120), null, 0)]);
        var (whole, half) = (Draw(50), Draw(50.5));
        var expected = (128 + whole[50, 90].Red) / 2.0;
        Assert.NotEqual(128, whole[50, 90].Red);
        // The seam beneath darkens half of the pixel, too.
        Assert.InRange(half[50, 90].Red, expected - 15, expected + 1);
    }

    [Fact]
    public void Classes_have_colors_that_are_told_apart()
    {
        (byte Red, byte Green, byte Blue) Color(int label) => DetectionDrawing.Draw(_grey, [new DrawnBox(new(50, 60, 150, 120), null, label)])[50, 60];
        var colors = Enumerable.Range(0, 20).Select(Color).ToList();
        for (var i = 0; i < colors.Count; i++)
            for (var j = 0; j < i; j++)
                Assert.True(Math.Abs(colors[i].Red - colors[j].Red) + Math.Abs(colors[i].Green - colors[j].Green) + Math.Abs(colors[i].Blue - colors[j].Blue) > 20, $"{i} and {j}");
    }

    [Fact]
    public void Plates_stay_in_the_picture_and_apart()
    {
        DetectedObject At(double x, double y, double score) => new(1, "a rather long name of a class", score, new(x, y, x + 30, y + 30));
        var one = Changed(DetectionDrawing.Draw(_grey, [At(260, 0, 0.5)]));
        Assert.InRange(one.Min(pixel => pixel.X), 0, 200); // the plate is wider than what is left of the picture
        // Two plates at one place are drawn one over the other nowhere.
        var two = Changed(DetectionDrawing.Draw(_grey, [At(20, 100, 0.5), At(21, 101, 0.6)]));
        Assert.True(two.Count > 1.5 * Changed(DetectionDrawing.Draw(_grey, [At(20, 100, 0.5)])).Count);
    }

    [Fact]
    public void What_cannot_be_seen_is_left_out()
    {
        Box[] boxes = [new(-50, -50, -10, -10), new(400, 0, 500, 100), new(10, 10, 10, 50), new(50, 50, 20, 20), new(double.NaN, 0, 50, 50)];
        var drawn = DetectionDrawing.Draw(_grey, [.. boxes.Select(box => new DetectedObject(0, "dog", 0.5, box))]);
        Assert.Equal(_grey.Pixels.ToArray(), drawn.Pixels.ToArray());
        Assert.NotEmpty(Changed(DetectionDrawing.Draw(Image.FromRgb(1, 1, [0, 0, 0]), [new DrawnBox(new(0, 0, 1, 1), "dog", 0)])));
        Assert.NotEmpty(Changed(DetectionDrawing.Draw(_grey, [new DrawnBox(new(-1e300, -5, double.PositiveInfinity, 900), null, -7)])));
    }

    [Fact]
    public void Dashed_lines_have_gaps()
    {
        var drawn = DetectionDrawing.Draw(_grey, [new DrawnBox(new(50, 60, 250, 160), null, 0) { IsDashed = true }]);
        Assert.InRange(Enumerable.Range(50, 200).Count(x => drawn[x, 60] == drawn[50, 60]), 80, 140);
    }

    [Theory]
    [InlineData("dog", "dog", 0)]
    [InlineData("Köter", "Koter", 0)]
    [InlineData("naïve “café” – 5", "naive 'cafe' - 5", 0)]
    [InlineData("Straße Łódź ½", "Strasse Lodz \uFFFD", 1)]
    [InlineData("犬", "\uFFFD", 1)]
    [InlineData("a\tb\u200D", "a b", 0)]
    [InlineData("", "", 0)]
    public void Text_beyond_ascii_becomes_what_can_be_drawn(string text, string expected, int unknown)
    {
        Assert.Equal(expected, StrokeFont.Plain(text, out var found));
        Assert.Equal(unknown, found);
    }

    [Fact]
    public void A_name_without_a_character_that_can_be_drawn_becomes_a_number()
    {
        var box = new Box(50, 60, 150, 120);
        Assert.Equal(DetectionDrawing.Draw(_grey, [new DetectedObject(3, "class 3", 0.5, box)]).Pixels.ToArray(), DetectionDrawing.Draw(_grey, [new DetectedObject(3, "犬", 0.5, box)]).Pixels.ToArray());
    }

    /// <summary>A glyph that was mistyped would be missing, stick out or be the same as another.</summary>
    [Fact]
    public void Every_character_is_drawn_differently_within_its_lines()
    {
        var glyphs = Enumerable.Range(' ' + 1, '~' - ' ').Select(code => StrokeFont.Layout(((char)code).ToString()).Single()).ToList();
        Assert.Equal(94, glyphs.Count);
        Assert.All(glyphs.SelectMany(glyph => glyph), line => Assert.True(line.Length > 1));
        Assert.All(glyphs.SelectMany(glyph => glyph).SelectMany(line => line), point => Assert.True(point.X is >= 0 and <= 10 && point.Y is >= 0 and <= StrokeFont.CapHeight + StrokeFont.Descent));
        Assert.Equal(94, glyphs.Select(glyph => string.Join('|', glyph.Select(line => string.Join(' ', line)))).Distinct().Count());
    }

    static List<(int X, int Y)> Changed(Image drawn) =>
        [.. from y in Enumerable.Range(0, drawn.Height) from x in Enumerable.Range(0, drawn.Width) where drawn[x, y] != ((byte)128, (byte)128, (byte)128) select (x, y)];
}
