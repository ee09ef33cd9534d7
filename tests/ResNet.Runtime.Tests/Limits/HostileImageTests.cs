using ResNet.Tests.Imaging;

namespace ResNet.Runtime.Tests.Limits;

/// <summary>Images of a few bytes that ask for gigabytes, or for what zlib does not do.</summary>
public class HostileImageTests
{
    [Fact]
    public void More_pixels_than_the_default_are_refused_by_their_header()
    {
        var error = Refused(new PngWriter().Header(20_000, 10_000, 1, 0).ToArray());
        Assert.Contains("expected at most 178956970 pixels, found 20000×10000", error.Message, StringComparison.Ordinal);
        // By option, as many as an array can have.
        var more = Assert.Throws<ImageException>(() => Image.Decode(new PngWriter().Header(20_000, 10_000, 1, 0).ToArray(), new() { MaxPixels = Image.MaxPixels }));
        Assert.Contains("so short that it holds at most", more.Message, StringComparison.Ordinal);
    }

    /// <summary>A progressive file keeps coefficients of two bytes beside samples and pixels: twelve bytes a pixel in the three planes of this one.</summary>
    [Fact]
    public void A_progressive_image_that_would_take_two_gigabytes_is_refused_before_it_does()
    {
        byte[] frame = [0xFF, 0xD8, 0xFF, 0xC2, 0, 17, 8, 0x32, 0xC8, 0x32, 0xC8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xDA];
        // As long as its blocks take at the least, a bit each.
        var error = Refused([.. frame, .. new byte[1 << 20]]);
        Assert.Equal("JPEG: 13000×13000 pixels take 2028000000 bytes to decode; expected at most 1073741824.", error.Message);
    }

    /// <summary>Data that are packed with a dictionary of their own, which PNG has not.</summary>
    [Fact]
    public void What_zlib_refuses_is_a_damaged_image()
    {
        var png = new PngWriter().Header(1, 1, 8, 0).Chunk("IDAT", 0x78, 0x20, 0, 0, 0, 1, 1, 2, 3, 4).Chunk("IEND").ToArray();
        Assert.Contains("found damaged or too little data", Refused(png).Message, StringComparison.Ordinal);
    }

    static ImageException Refused(byte[] content)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ImageException>(() => Image.Decode(content));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        return error;
    }
}
