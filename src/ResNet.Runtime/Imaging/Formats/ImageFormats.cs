using System.Collections.Immutable;
using ResNet.Runtime.Imaging;
using ResNet.Runtime.Imaging.Bmp;
using ResNet.Runtime.Imaging.Formats;
using ResNet.Runtime.Imaging.Jpeg;
using ResNet.Runtime.Imaging.Png;

namespace ResNet.Runtime;

/// <summary>The image formats that are read: JPEG, PNG, BMP, and those that a program registers. Safe to use from several threads.</summary>
public static class ImageFormats
{
    static ImmutableArray<IImageDecoder> _decoders = [new JpegFormat(), new PngDecoder(), new BmpDecoder()];

    /// <summary>The decoders, in the order in which they are asked whether they recognize content: the last one registered is the first.</summary>
    public static IReadOnlyList<IImageDecoder> Decoders => _decoders;

    /// <summary>The extensions of all formats, as in <c>.jpg</c>.</summary>
    public static IReadOnlyList<string> Extensions => [.. _decoders.SelectMany(decoder => decoder.Extensions).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a file has the extension of one of the formats, in any case.</summary>
    public static bool HasExtension(string path)
    {
        var extension = Path.GetExtension(path);
        return _decoders.Any(decoder => decoder.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Adds a format. From now on <see cref="Image"/>, data sets and tools read it.</summary>
    /// <param name="decoder">The decoder; it may read a format that is known already, and is then used instead.</param>
    /// <exception cref="ArgumentException">The decoder has no name, or an extension does not begin with a dot.</exception>
    public static void Register(IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentException.ThrowIfNullOrEmpty(decoder.Name, nameof(decoder));
        if (decoder.Extensions.FirstOrDefault(extension => extension is not ['.', _, ..]) is { } wrong)
            throw new ArgumentException($"Expected extensions such as .jpg, found '{wrong}'.", nameof(decoder));
        ImmutableInterlocked.Update(ref _decoders, decoders => decoders.Insert(0, decoder));
    }

    /// <summary>Takes a decoder back.</summary>
    /// <returns>False where it was not registered.</returns>
    public static bool Unregister(IImageDecoder decoder) => ImmutableInterlocked.Update(ref _decoders, decoders => decoders.Remove(decoder));

    internal static ImageInfo Identify(ReadOnlySpan<byte> content) => Find(content).Identify(content);

    internal static Image Decode(ReadOnlySpan<byte> content, ImageOptions options)
    {
        var decoder = Find(content);
        var info = decoder.Identify(content);
        if ((long)info.Width * info.Height > options.MaxPixels)
            throw new ImageException($"{info.Format}: expected at most {options.MaxPixels} pixels, found {info.StoredWidth}×{info.StoredHeight}.");
        return decoder.Decode(content);
    }

    static IImageDecoder Find(ReadOnlySpan<byte> content)
    {
        var decoders = _decoders;
        foreach (var decoder in decoders)
            if (decoder.Recognizes(content))
                return decoder;
        var names = decoders.Select(decoder => decoder.Name).Distinct(StringComparer.Ordinal).ToArray();
        throw new ImageException($"Expected a {(names.Length > 1 ? string.Join(", ", names[..^1]) + " or " : "")}{names[^1]} image; found {ForeignFile.Describe(content)}.");
    }
}
