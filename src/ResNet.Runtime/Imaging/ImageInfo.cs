namespace ResNet.Runtime;

/// <summary>The format and the size of an image that was not decoded.</summary>
/// <param name="Format">The format's name, as in <c>JPEG</c>.</param>
/// <param name="Width">Width in pixels of the upright image, as <see cref="Image.Load(string, ImageOptions?)"/> gives it.</param>
/// <param name="Height">Height in pixels of the upright image.</param>
/// <param name="Orientation">The file's EXIF orientation, 1 to 8; 1 is upright.</param>
public sealed record ImageInfo(string Format, int Width, int Height, int Orientation = 1)
{
    /// <summary>Width in pixels of the rows that the file stores: the upright image's height where the orientation is 5 or more.</summary>
    public int StoredWidth => Orientation >= 5 ? Height : Width;

    /// <summary>Number of rows that the file stores.</summary>
    public int StoredHeight => Orientation >= 5 ? Width : Height;
}
