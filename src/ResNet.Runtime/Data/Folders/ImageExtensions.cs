namespace ResNet.Runtime.Data.Folders;

/// <summary>The extensions of file names by which a folder's images are found.</summary>
static class ImageExtensions
{
    static readonly SortedSet<string> _all = new(StringComparer.OrdinalIgnoreCase) { ".bmp", ".jfif", ".jpe", ".jpeg", ".jpg", ".png" };

    /// <summary>The extensions as a message lists them.</summary>
    public static string Listed => string.Join(", ", _all);

    public static bool IsImage(string path) => _all.Contains(Path.GetExtension(path));
}
