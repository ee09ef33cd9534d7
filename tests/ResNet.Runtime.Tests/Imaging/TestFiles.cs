using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

/// <summary>The images that Files/make.py made, and Pillow's pixels for them.</summary>
static class TestFiles
{
    static readonly string _folder = Path.Combine(SharedData.Root, "tests", "ResNet.Runtime.Tests", "Imaging", "Files");

    public static string PathOf(string name) => Path.Combine(_folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static IEnumerable<string> Names(string pattern) =>
        Directory.EnumerateFiles(_folder, pattern).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static void AssertEqualsReference(string name)
    {
        var (expected, actual) = (Image.Load(PathOf(name + ".png")), Image.Load(PathOf(name)));
        AssertEqual(expected, actual);
    }

    public static void AssertEqual(Image expected, Image actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        for (int y = 0; y < expected.Height; y++)
            for (int x = 0; x < expected.Width; x++)
                if (expected[x, y] != actual[x, y]) Assert.Fail($"At ({x}, {y}): expected {expected[x, y]}, found {actual[x, y]}.");
    }

    /// <summary>Noise over a gradient, the same each time.</summary>
    public static Image Picture(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 200L / pixels.Length + random.Next(56));
        return Image.FromRgb(width, height, pixels);
    }
}
