namespace ResNet.Runtime.Data.Folders;

/// <summary>The extensions of file names by which a folder's images are found.</summary>
public static class ImageExtensions
{
    static readonly SortedSet<string> _all = new(StringComparer.OrdinalIgnoreCase) { ".bmp", ".jfif", ".jpe", ".jpeg", ".jpg", ".png" };

    /// <summary>The extensions as a message lists them.</summary>
    public static string Listed => string.Join(", ", _all);

    /// <summary>Returns whether a file is an image by its name.</summary>
    /// <param name="path">The file.</param>
    public static bool IsImage(string path) => _all.Contains(Path.GetExtension(path));
}
