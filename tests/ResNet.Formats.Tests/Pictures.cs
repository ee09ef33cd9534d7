using ResNet.Runtime;

namespace ResNet.Formats.Tests;

/// <summary>Small pictures that differ.</summary>
static class Pictures
{
    /// <summary>Random pixels, so that rows, columns and colours cannot be exchanged unseen.</summary>
    public static Image Noise(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return Image.FromRgb(width, height, pixels);
    }

    public static byte[] Png(Image image)
    {
        using var stream = new MemoryStream();
        image.SavePng(stream);
        return stream.ToArray();
    }

    public static byte[] Png(int seed) => Png(Noise(4, 3, seed));

    public static void Equal(Image expected, Image actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.True(expected.Pixels.SequenceEqual(actual.Pixels));
    }
}
