using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>The size of images as a command line has it: <c>160</c>; of a network <c>160x224</c>, rows and columns; of a detector <c>300,500</c>.</summary>
/// <param name="text">The text.</param>
/// <param name="sides">One or two numbers of pixels.</param>
/// <param name="separator">The character between two of them.</param>
sealed class ImageSize(string text, int[] sides, char separator)
{
    const char Times = 'x', Comma = ',';

    /// <summary>Reads a size.</summary>
    /// <returns>Null if the text is none.</returns>
    public static ImageSize? TryParse(string text)
    {
        var separator = text.Contains(Comma) ? Comma : Times;
        var sides = text.ToLowerInvariant().Split(separator).Select(side => StrictNumber.TryParse<int>(side, out var pixels) ? pixels : 0).ToArray();
        return sides is [> 0] or [> 0, > 0] ? new(text, sides, separator) : null;
    }

    /// <summary>Rows and columns.</summary>
    /// <exception cref="ToolException">It is the size of a detector's images.</exception>
    public int[] OfNetwork() => separator == Times ? [sides[0], sides[^1]] : throw new ToolException($"--image-size: expected 160 or 160x224, found \"{text}\"");

    /// <summary>Pixels of the shorter side, and the most of the longer, which is 5/3 of it if nothing is said, as in the paper.</summary>
    /// <exception cref="ToolException">It is the size of a network's input.</exception>
    public int[] OfDetector() => (sides, separator) switch
    {
        ([var shorter], _) => [shorter, (int)Math.Round(shorter * 5 / 3.0)],
        (_, Comma) => sides,
        _ => throw new ToolException($"--image-size: expected 300 or 300,500, found \"{text}\""),
    };
}
