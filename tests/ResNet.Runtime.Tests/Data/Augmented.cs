using System.Runtime.InteropServices;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Pictures to augment, and what becomes of them.</summary>
static class Augmented
{
    /// <summary>Values from 0 to 255, as they are in the picture.</summary>
    public static Preprocessing Plain(int height, int width) => new(height, height, width) { Mean = [0, 0, 0], Deviation = [1 / 255f, 1 / 255f, 1 / 255f] };

    /// <summary>A picture without any order.</summary>
    public static Image Noise(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        new Random(7).NextBytes(pixels);
        return Image.FromRgb(width, height, pixels);
    }

    /// <summary>Red grows from left to right.</summary>
    public static Image Slope(int width, int height) =>
        Image.FromRgb(width, height, [.. Enumerable.Range(0, width * height).SelectMany(i => new byte[] { (byte)(i % width * 255 / width), 0, 0 })]);

    public static float[] Apply(this IAugmentation augmentation, Image image, ulong seed, int epoch, int index)
    {
        var result = new float[augmentation.Output.Elements];
        augmentation.Apply(image, seed, epoch, index, result);
        return result;
    }

    /// <summary>A picture's values as a tensor, mirrored or not, pixel by pixel.</summary>
    public static float[] Tensor(Image image, Preprocessing normalization, bool mirrored) =>
        [.. from channel in Enumerable.Range(0, 3)
            from y in Enumerable.Range(0, image.Height)
            from x in Enumerable.Range(0, image.Width)
            let value = image.Pixels[3 * (y * image.Width + (mirrored ? image.Width - 1 - x : x)) + channel]
            select (value / 255f - normalization.Mean[channel]) / normalization.Deviation[channel]];

    /// <summary>A text that equals another one's where all the values' bits do.</summary>
    public static string Bits(ReadOnlySpan<float> values) => Convert.ToHexString(MemoryMarshal.AsBytes(values));

    /// <summary>Mean and variance lie within five standard errors of those of the uniform distribution.</summary>
    public static void IsUniform(IReadOnlyList<double> values, double from, double to)
    {
        Assert.All(values, value => Assert.InRange(value, from, to));
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean)), width = to - from;
        Assert.InRange(mean - (from + to) / 2, -5 * width / Math.Sqrt(12.0 * values.Count), 5 * width / Math.Sqrt(12.0 * values.Count));
        // The fourth central moment is width⁴ / 80.
        var error = width * width * Math.Sqrt((1.0 / 80 - 1.0 / 144) / values.Count);
        Assert.InRange(variance - width * width / 12, -5 * error, 5 * error);
    }
}
