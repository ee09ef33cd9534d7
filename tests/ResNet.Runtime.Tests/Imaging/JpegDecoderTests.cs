using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

public class JpegDecoderTests
{
    public static TheoryData<string> Files => [.. TestFiles.Names("*.jpg")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_equal_Pillows(string name) => TestFiles.AssertEqualsReference(name);

    [Theory]
    [InlineData(0xC3, "lossless")]
    [InlineData(0xC5, "hierarchical")]
    [InlineData(0xC9, "arithmetic")]
    [InlineData(0xCA, "arithmetic")]
    [InlineData(0xF7, "JPEG-LS")]
    public void Other_codings_are_refused_by_name(byte marker, string name)
    {
        var bytes = TestFiles.Bytes("sampling-1x1.jpg");
        bytes[IndexOfMarker(bytes, 0xC0) + 1] = marker;
        Assert.Contains(name, Assert.Throws<ImageException>(() => Image.Decode(bytes)).Message);
    }

    [Fact]
    public void Twelve_bits_are_refused_by_name()
    {
        var bytes = TestFiles.Bytes("sampling-1x1.jpg");
        bytes[IndexOfMarker(bytes, 0xC0) + 4] = 12;
        Assert.Contains("found 12", Assert.Throws<ImageException>(() => Image.Decode(bytes)).Message);
    }

    [Theory]
    [InlineData("sampling-2x2.jpg")]
    [InlineData("progressive-2x2.jpg")]
    [InlineData("restart.jpg")]
    public void Only_the_end_marker_may_be_missing(string name)
    {
        var bytes = TestFiles.Bytes(name);
        for (int length = 0; length < bytes.Length - 2; length++)
            Assert.Throws<ImageException>(() => Image.Decode(bytes.AsSpan(0, length)));
        var whole = Image.Decode(bytes);
        TestFiles.AssertEqual(whole, Image.Decode(bytes.AsSpan(0, bytes.Length - 2)));
        TestFiles.AssertEqual(whole, Image.Decode(bytes.AsSpan(0, bytes.Length - 1)));
        // A comment that is cut short says nothing about the pixels.
        TestFiles.AssertEqual(whole, Image.Decode([.. bytes[..^2], 0xFF, 0xFE, 1, 0, (byte)'c']));
    }

    [Fact]
    public void An_unfinished_progressive_file_without_an_end_is_an_error()
    {
        var bytes = TestFiles.Bytes("progressive-2x2-after-1.jpg");
        Assert.Contains("lacks details", Assert.Throws<ImageException>(() => Image.Decode(bytes.AsSpan(0, bytes.Length - 2))).Message);
    }

    [Fact]
    public void A_size_that_the_file_cannot_hold_is_refused_before_memory_is_taken()
    {
        var bytes = TestFiles.Bytes("sampling-1x1.jpg");
        int frame = IndexOfMarker(bytes, 0xC0);
        bytes.AsSpan(frame + 5, 2).Fill(0x3F);
        bytes.AsSpan(frame + 7, 2).Fill(0x3F);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("16191×16191", Assert.Throws<ImageException>(() => Image.Decode(bytes)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Endless_scans_are_refused()
    {
        var bytes = TestFiles.Bytes("progressive-1x1.jpg");
        // The first scan, which any number of times sets the same coefficients, again and again.
        int scan = IndexOfMarker(bytes, 0xDA), end = scan + bytes.AsSpan(scan).IndexOf([(byte)0xFF, (byte)0xC4]);
        var hostile = new List<byte>(bytes[..end]);
        for (int i = 0; i < 100; i++)
            hostile.AddRange(bytes[scan..end]);
        hostile.AddRange(bytes[end..]);
        Assert.Contains("100 scans", Assert.Throws<ImageException>(() => Image.Decode(hostile.ToArray())).Message);
    }

    [Fact]
    public void A_restart_marker_with_a_far_number_is_taken_for_the_expected_one()
    {
        var bytes = TestFiles.Bytes("restart.jpg");
        var whole = Image.Decode(bytes);
        int restart = bytes.AsSpan().IndexOf([(byte)0xFF, (byte)0xD0]);
        bytes[restart + 1] = 0xD3;
        TestFiles.AssertEqual(whole, Image.Decode(bytes));
    }

    [Theory]
    [InlineData("restart.jpg", "restart-lost.jpg", 2)]
    [InlineData("restart.jpg", "restart-swapped.jpg", 3)]
    public void Damage_stays_between_restart_markers(string name, string damaged, int runs)
    {
        // A run is two units of 16 × 16 pixels, three of which make a row; upsampling looks a pixel further.
        Image expected = Image.Decode(TestFiles.Bytes(name)), found = Image.Decode(TestFiles.Bytes(damaged));
        int differing = Enumerable.Range(0, 9).Count(unit => !Enumerable.Range(2, 12).All(y =>
            Enumerable.Range(2, 11).All(x => unit % 3 * 16 + x >= expected.Width || unit / 3 * 16 + y >= expected.Height
                || expected[unit % 3 * 16 + x, unit / 3 * 16 + y] == found[unit % 3 * 16 + x, unit / 3 * 16 + y])));
        Assert.InRange(differing, 1, 2 * runs);
    }

    [Fact]
    public void A_scan_without_most_of_its_runs_is_an_error()
    {
        var bytes = TestFiles.Bytes("restart.jpg");
        var stripped = new List<byte>(bytes);
        for (int at = stripped.Count - 2; at > 0; at--)
            if (stripped[at] == 0xFF && stripped[at + 1] is >= 0xD0 and <= 0xD7)
                stripped.RemoveRange(at, 2);
        Assert.Contains("runs of image data", Assert.Throws<ImageException>(() => Image.Decode(stripped.ToArray())).Message);
    }

    /// <summary>Without smoothing, a picture of means alone has a step at each block and none within.</summary>
    [Fact]
    public void Means_alone_make_a_smooth_picture()
    {
        var image = Image.Decode(TestFiles.Bytes("progressive-grey-after-1.jpg"));
        int within = 0;
        for (int y = 0; y < image.Height; y++)
            for (int x = 1; x < image.Width; x++)
                if (x % 8 != 0 && image[x, y] != image[x - 1, y]) within++;
        Assert.True(within > image.Width * image.Height / 2, $"{within} differences within blocks");
    }

    [Fact]
    public void A_broken_orientation_leaves_the_picture_as_it_is()
    {
        var bytes = TestFiles.Bytes("orientation-6.jpg");
        int exif = bytes.AsSpan().IndexOf("Exif\0\0"u8);
        bytes.AsSpan(exif + 6, 4).Clear();
        var stored = Image.Decode(bytes);
        Assert.Equal((21, 14), (stored.Width, stored.Height));
    }

    static int IndexOfMarker(byte[] bytes, byte marker) => bytes.AsSpan().IndexOf([(byte)0xFF, marker]);
}
