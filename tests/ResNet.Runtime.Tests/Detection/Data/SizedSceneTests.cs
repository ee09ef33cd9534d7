using ResNet.Runtime.Detection.Data;

namespace ResNet.Runtime.Tests.Detection.Data;

public sealed class SizedSceneTests
{
    [Theory]
    [InlineData(500, 375, 800, 600)]
    [InlineData(375, 500, 600, 800)]
    [InlineData(640, 480, 800, 600)]
    [InlineData(1000, 500, 1000, 500)]
    [InlineData(500, 250, 1000, 500)]
    [InlineData(4000, 1000, 1000, 250)]
    [InlineData(1000, 4000, 250, 1000)]
    [InlineData(100_000, 1, 1000, 1)]
    [InlineData(1, 1, 600, 600)]
    public void The_shorter_side_is_600_and_the_longer_at_most_1000(int width, int height, int expectedWidth, int expectedHeight) =>
        Assert.Equal((expectedWidth, expectedHeight), new DetectionSize().SizeOf(width, height));

    [Fact]
    public void Sizes_are_checked()
    {
        Assert.Equal((30, 20), DetectionSize.Exactly(30, 20).SizeOf(7, 9));
        Assert.Equal((1000, 1000), new DetectionSize(1200).SizeOf(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionSize(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionSize() with { Longer = 16_385 });
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionSize.Exactly(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionSize().SizeOf(0, 5));
    }

    /// <summary>A white rectangle on black stays within its box.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Boxes_follow_the_picture(bool isMirrored)
    {
        var picture = Rectangle(60, 40, new(6, 10, 18, 30));
        var scene = SizedScene.Of(picture, [new(2, new(6, 10, 18, 30)) { Difficult = true, OutlineArea = 100 }], new(80, 200), isMirrored);

        Assert.Equal((120, 80, 2.0, 2.0), (scene.Image.Width, scene.Image.Height, scene.ScaleX, scene.ScaleY));
        var item = Assert.Single(scene.Objects);
        Assert.Equal(new(2, isMirrored ? new(84, 20, 108, 60) : new(12, 20, 36, 60)) { Difficult = true, OutlineArea = 400 }, item);
        Assert.Equal(new(6, 10, 18, 30), scene.ToOriginal(item.Box));
        var white = from y in Enumerable.Range(0, 80) from x in Enumerable.Range(0, 120) where scene.Image[x, y].Red > 127 select (x, y);
        var pixels = white.ToList();
        Assert.Equal(item.Box, new(pixels.Min(pixel => pixel.x), pixels.Min(pixel => pixel.y), pixels.Max(pixel => pixel.x) + 1, pixels.Max(pixel => pixel.y) + 1));
    }

    [Fact]
    public void A_fixed_size_stretches_boxes_with_the_picture()
    {
        var scene = SizedScene.Of(Rectangle(60, 40, new(6, 10, 18, 30)), [new(0, new(6, 10, 18, 30))], DetectionSize.Exactly(30, 80));
        Assert.Equal((0.5, 2), (scene.ScaleX, scene.ScaleY));
        Assert.Equal(new(3, 20, 9, 60), scene.Objects[0].Box);
    }

    static Image Rectangle(int width, int height, Box box)
    {
        var pixels = new byte[3 * width * height];
        for (var y = (int)box.Y1; y < (int)box.Y2; y++) pixels.AsSpan(3 * (y * width + (int)box.X1), 3 * (int)box.Width).Fill(255);
        return Image.FromRgb(width, height, pixels);
    }
}
