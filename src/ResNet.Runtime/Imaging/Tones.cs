namespace ResNet.Runtime.Imaging;

/// <summary>Replaces each value of a channel by another, as Pillow's <c>ImageOps</c> do.</summary>
static class Tones
{
    /// <summary>Keeps the upper bits of each value, and clears the others.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="bits">Number of bits that stay, 0 to 8.</param>
    public static Image Posterize(Image image, int bits) => Map(image, value => (byte)(value & ~((1 << (8 - bits)) - 1)));

    /// <summary>Inverts the values from a threshold on.</summary>
    public static Image Solarize(Image image, double threshold) => Map(image, value => value < threshold ? value : (byte)(255 - value));

    /// <summary>Stretches each channel so that its least value becomes 0 and its greatest one 255.</summary>
    public static Image AutoContrast(Image image) => Map(image, counts =>
    {
        var (least, greatest) = (Array.FindIndex(counts, count => count > 0), Array.FindLastIndex(counts, count => count > 0));
        if (greatest <= least) return value => value;
        var scale = 255.0 / (greatest - least);
        var offset = -least * scale;
        return value => (byte)Math.Clamp((int)(value * scale + offset), 0, 255);
    });

    /// <summary>Makes the values of each channel about equally frequent.</summary>
    public static Image Equalize(Image image) => Map(image, counts =>
    {
        var step = (counts.Sum() - counts.Last(count => count > 0)) / 255;
        if (step == 0) return value => value;
        var below = new int[256];
        for (var i = 1; i < below.Length; i++) below[i] = below[i - 1] + counts[i - 1];
        return value => (byte)Math.Min(255, (step / 2 + below[value]) / step);
    });

    static Image Map(Image image, Func<byte, byte> map) => Map(image, _ => map);

    /// <summary>Maps each channel by what follows from how often it has each value.</summary>
    static Image Map(Image image, Func<int[], Func<byte, byte>> mapOf)
    {
        var pixels = image.Pixels.ToArray();
        var table = new byte[256];
        for (var channel = 0; channel < 3; channel++)
        {
            var counts = new int[256];
            for (var at = channel; at < pixels.Length; at += 3) counts[pixels[at]]++;
            var map = mapOf(counts);
            for (var value = 0; value < table.Length; value++) table[value] = map((byte)value);
            for (var at = channel; at < pixels.Length; at += 3) pixels[at] = table[pixels[at]];
        }
        return new(image.Width, image.Height, pixels);
    }
}
