namespace ResNet.Runtime.Tests.Classification;

/// <summary>Pictures, and what is computed from scores in double precision.</summary>
static class Pictures
{
    /// <summary>A picture of stripes that differ from place to place.</summary>
    public static Image Draw(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)((i * (seed + 3) + i / (3 * width) * 29) % 251);
        return Image.FromRgb(width, height, pixels);
    }

    /// <summary>One of a picture's values, by channel.</summary>
    public static byte Channel(Image image, int channel, int y, int x) => channel switch
    {
        0 => image[x, y].Red,
        1 => image[x, y].Green,
        _ => image[x, y].Blue,
    };

    public static double[] Mean(IEnumerable<double[]> scores)
    {
        var all = scores.ToList();
        return [.. Enumerable.Range(0, all[0].Length).Select(index => all.Average(one => one[index]))];
    }

    public static double[] Softmax(double[] logits)
    {
        var powers = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
