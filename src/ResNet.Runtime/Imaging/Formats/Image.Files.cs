using ResNet.Runtime.Imaging.Formats;
using ResNet.Runtime.Imaging.Png;

namespace ResNet.Runtime;

public sealed partial class Image
{
    /// <summary>The bytes that are read to identify an image; few have more before their size.</summary>
    const int HeaderBytes = 1 << 18;

    /// <summary>Reads a file of one of the <see cref="ImageFormats"/>; the content decides which, not the file's name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The limits; the defaults where null.</param>
    /// <exception cref="ImageException">The file is not an image of those formats, is damaged or exceeds a limit; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Load(string path, ImageOptions? options = null) => Named(path, () =>
    {
        using var file = ImageContent.Open(path);
        return Load(file, options);
    });

    /// <summary>Reads an image that fills the rest of <paramref name="stream"/>.</summary>
    /// <param name="stream">The image, in one of the <see cref="ImageFormats"/>. It stays open.</param>
    /// <param name="options">The limits; the defaults where null.</param>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static Image Load(Stream stream, ImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        ImageContent.Read(stream, content, options ?? ImageOptions.Default);
        return Decode(ImageContent.Bytes(content), options);
    }

    /// <summary>Reads a file and decodes it on a thread of the pool; see <see cref="Load(string, ImageOptions?)"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The limits; the defaults where null.</param>
    /// <param name="cancellationToken">Ends the reading; decoding, once begun, is finished.</param>
    /// <exception cref="ImageException">The file is not an image of those formats, is damaged or exceeds a limit; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Task<Image> LoadAsync(string path, ImageOptions? options = null, CancellationToken cancellationToken = default) => NamedAsync(path, async () =>
    {
        await using var file = ImageContent.Open(path, FileOptions.Asynchronous);
        return await LoadAsync(file, options, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Reads an image that fills the rest of <paramref name="stream"/> and decodes it on a thread of the pool.</summary>
    /// <param name="stream">The image, in one of the <see cref="ImageFormats"/>. It stays open.</param>
    /// <param name="options">The limits; the defaults where null.</param>
    /// <param name="cancellationToken">Ends the reading; decoding, once begun, is finished.</param>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static async Task<Image> LoadAsync(Stream stream, ImageOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        await ImageContent.ReadAsync(stream, content, options ?? ImageOptions.Default, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Decode(ImageContent.Bytes(content), options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decodes an image of one of the <see cref="ImageFormats"/>. Transparency is dropped and a JPEG's EXIF orientation is applied.</summary>
    /// <param name="content">The image.</param>
    /// <param name="options">The limits; the defaults where null.</param>
    /// <exception cref="ImageException">The content is not an image of those formats, is damaged, or exceeds a limit.</exception>
    public static Image Decode(ReadOnlySpan<byte> content, ImageOptions? options = null) => ImageFormats.Decode(content, options ?? ImageOptions.Default);

    /// <summary>Reads the format and the size of a file's image, and no more of the file than that takes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageException">The file is not an image, or its header is damaged; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageInfo Identify(string path) => Named(path, () =>
    {
        using var file = ImageContent.Open(path);
        return Identify(file);
    });

    /// <summary>Reads the format and the size of an image without decoding its pixels. The position of the stream is then somewhere after the header.</summary>
    /// <param name="stream">The image, in one of the <see cref="ImageFormats"/>.</param>
    /// <inheritdoc cref="Identify(ReadOnlySpan{byte})"/>
    public static ImageInfo Identify(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        ImageContent.Read(stream, content, ImageOptions.Default, HeaderBytes);
        try
        {
            return Identify(ImageContent.Bytes(content));
        }
        catch (ImageException) when (content.Length >= HeaderBytes)
        {
            // A header may be longer, and some formats check that the file is as long as its pixels.
            ImageContent.Read(stream, content, ImageOptions.Default);
            return Identify(ImageContent.Bytes(content));
        }
    }

    /// <summary>Reads the format and the size of an image without decoding its pixels.</summary>
    /// <param name="content">The image.</param>
    /// <exception cref="ImageException">The content is not an image, or its header is damaged.</exception>
    public static ImageInfo Identify(ReadOnlySpan<byte> content) => ImageFormats.Identify(content);

    /// <summary>Writes the image as a PNG file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        using var file = File.Create(path);
        SavePng(file);
    }

    /// <summary>Writes the image as PNG.</summary>
    public void SavePng(Stream stream) => PngEncoder.Encode(this, stream);

    static T Named<T>(string path, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (ImageException e)
        {
            throw new ImageException($"{path}: {e.Message}", e);
        }
    }

    static async Task<T> NamedAsync<T>(string path, Func<Task<T>> load)
    {
        try
        {
            return await load().ConfigureAwait(false);
        }
        catch (ImageException e)
        {
            throw new ImageException($"{path}: {e.Message}", e);
        }
    }
}
