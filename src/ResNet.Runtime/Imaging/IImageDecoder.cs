namespace ResNet.Runtime;

/// <summary>Decodes images of one format. <see cref="ImageFormats.Register"/> makes it known to images, data sets and tools.</summary>
/// <remarks>Its methods are called by several threads at once.</remarks>
public interface IImageDecoder
{
    /// <summary>The format's name, as in <c>JPEG</c>.</summary>
    string Name { get; }

    /// <summary>The extensions of the format's files, each with its dot, as in <c>.jpg</c>; their case does not matter.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether content is of this format, by its first bytes.</summary>
    bool Recognizes(ReadOnlySpan<byte> content);

    /// <summary>Reads an image's size without decoding its pixels.</summary>
    /// <param name="content">The image, or its beginning.</param>
    /// <exception cref="ImageException">The content is damaged, or too little of it is there.</exception>
    ImageInfo Identify(ReadOnlySpan<byte> content);

    /// <summary>Decodes an image, upright and without transparency. Its size was checked against <see cref="ImageOptions.MaxPixels"/> before.</summary>
    /// <exception cref="ImageException">The content is damaged.</exception>
    Image Decode(ReadOnlySpan<byte> content);
}
