using ResNet.Runtime.Imaging.Formats;
using ResNet.Runtime.Imaging.Png;

namespace ResNet.Runtime;

public sealed partial class Image
{
    /// <summary>Reads a JPEG, PNG or BMP file; the content decides which, not the file's name.</summary>
    /// <exception cref="ImageException">The file is not an image of those formats, or is damaged; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Load(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return Load(file);
        }
        catch (ImageException e)
        {
            throw new ImageException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a JPEG, PNG or BMP image that fills the rest of <paramref name="stream"/>.</summary>
    /// <inheritdoc cref="Decode"/>
    public static Image Load(Stream stream) => Decode(ImageFormat.ReadAll(stream));

    /// <summary>Decodes a JPEG, PNG or BMP image. Transparency is dropped and a JPEG's EXIF orientation is applied.</summary>
    /// <exception cref="ImageException">The content is not an image of those formats, is damaged, or exceeds <see cref="MaxPixels"/>.</exception>
    public static Image Decode(ReadOnlySpan<byte> content) => ImageFormat.Decode(content);

    /// <summary>Writes the image as a PNG file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        using var file = File.Create(path);
        SavePng(file);
    }

    /// <summary>Writes the image as PNG.</summary>
    public void SavePng(Stream stream) => PngEncoder.Encode(this, stream);
}
