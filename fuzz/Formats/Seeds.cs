namespace ResNet.Fuzz.Formats;

/// <summary>Files of the tests, and seeds that several formats share.</summary>
static class Seeds
{
    /// <summary>The tests' files whose names match a pattern.</summary>
    public static IEnumerable<byte[]> Of(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Files"), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    /// <summary>A small image as PNG.</summary>
    public static byte[] Picture(int width = 4, int height = 3)
    {
        using var stream = new MemoryStream();
        Image.FromRgb(width, height, new byte[3 * width * height]).SavePng(stream);
        return stream.ToArray();
    }
}
