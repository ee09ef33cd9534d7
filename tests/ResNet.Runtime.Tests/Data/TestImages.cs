namespace ResNet.Runtime.Tests.Data;

static class TestImages
{
    /// <summary>Writes a picture of one pixel and gives its path.</summary>
    public static string WriteImage(this TemporaryFolder folder, string name, byte red = 0, byte green = 0, byte blue = 0)
    {
        var path = folder.Write(name, []);
        Image.FromRgb(1, 1, [red, green, blue]).SavePng(path);
        return path;
    }
}
