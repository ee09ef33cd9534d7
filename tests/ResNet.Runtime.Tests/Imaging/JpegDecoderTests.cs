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
    public void Every_truncation_is_an_error(string name)
    {
        var bytes = TestFiles.Bytes(name);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ImageException>(() => Image.Decode(bytes.AsSpan(0, length)));
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
    public void A_wrong_restart_marker_is_an_error()
    {
        var bytes = TestFiles.Bytes("restart.jpg");
        int restart = bytes.AsSpan().IndexOf([(byte)0xFF, (byte)0xD0]);
        bytes[restart + 1] = 0xD3;
        Assert.Contains("restart marker 0", Assert.Throws<ImageException>(() => Image.Decode(bytes)).Message);
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
