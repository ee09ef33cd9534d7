using System.Globalization;
using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

public class ResizeTests
{
    public static TheoryData<string> Files => [.. TestFiles.Names("resize-*.png")];

    /// <summary>The file's name is resize-FILTER-WIDTHxHEIGHT.png.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_equal_Pillows(string name)
    {
        var words = Path.GetFileNameWithoutExtension(name).Split('-');
        var filter = Enum.Parse<ResizeFilter>(words[1], ignoreCase: true);
        var size = words[2].Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        var resized = Image.Load(TestFiles.PathOf("resize.png")).Resize(size[0], size[1], filter);
        TestFiles.AssertEqual(Image.Load(TestFiles.PathOf(name)), resized);
    }

    [Theory]
    [InlineData(500, 375, 256, 341, 256)] // 341.33
    [InlineData(375, 500, 256, 256, 341)]
    [InlineData(100, 100, 32, 32, 32)]
    [InlineData(10, 39, 20, 20, 78)]
    [InlineData(3, 5, 2, 2, 3)] // 3.33
    public void The_longer_side_is_truncated(int width, int height, int size, int expectedWidth, int expectedHeight)
    {
        var resized = TestFiles.Picture(width, height).ResizeShorterSide(size);
        Assert.Equal((expectedWidth, expectedHeight), (resized.Width, resized.Height));
    }

    [Theory]
    [InlineData(640, 480, 640, 480, 640, 480)]
    [InlineData(500, 375, 732, 549, 732, 549)]
    [InlineData(500, 400, 640, 480, 640, 512)]
    [InlineData(1000, 375, 640, 480, 1280, 480)]
    [InlineData(375, 1000, 40, 24, 40, 106)] // 106.67
    [InlineData(1000, 375, 12, 20, 53, 20)] // 53.33
    [InlineData(7, 3, 7, 3, 7, 3)]
    public void One_side_fits_and_the_other_covers(int width, int height, int coveredWidth, int coveredHeight, int expectedWidth, int expectedHeight)
    {
        var resized = TestFiles.Picture(width, height).ResizeToCover(coveredWidth, coveredHeight);
        Assert.Equal((expectedWidth, expectedHeight), (resized.Width, resized.Height));
    }

    [Theory]
    [InlineData(ResizeFilter.Nearest)]
    [InlineData(ResizeFilter.Box)]
    [InlineData(ResizeFilter.Bilinear)]
    [InlineData(ResizeFilter.Bicubic)]
    public void A_flat_image_stays_flat(ResizeFilter filter)
    {
        var pixels = new byte[3 * 40 * 30];
        Array.Fill(pixels, (byte)255);
        foreach (byte value in Image.FromRgb(40, 30, pixels).Resize(17, 53, filter).Pixels)
            Assert.Equal(255, value);
    }

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        var image = TestFiles.Picture(4, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(5, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(1 << 15, 1 << 15));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(5, 5, (ResizeFilter)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.ResizeShorterSide(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.ResizeToCover(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.ResizeToCover(1 << 15, 1 << 15));
        Assert.Throws<ImageException>(() => TestFiles.Picture(1, 20_000).ResizeToCover(256, 100));
        Assert.Throws<ImageException>(() => TestFiles.Picture(1, 20_000).ResizeShorterSide(256));
    }
}
