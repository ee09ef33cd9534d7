using ResNet.Runtime.Imaging;
using ResNet.Runtime.Imaging.Png;

namespace ResNet.Runtime;

/// <summary>An immutable picture of 8 bit RGB pixels, rows from top to bottom.</summary>
/// <remarks>
/// Decoding, resizing and cropping give the pixels that Pillow and torchvision give for the same calls, so that a
/// network sees the input it was trained on.
/// </remarks>
public sealed partial class Image
{
    /// <summary>Images of more pixels than this (2²⁸) are refused.</summary>
    public const int MaxPixels = 1 << 28;

    readonly byte[] _pixels;

    /// <summary>Takes <paramref name="pixels"/> over; the caller has checked the size.</summary>
    internal Image(int width, int height, byte[] pixels)
    {
        Width = width;
        Height = height;
        _pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue bytes of each pixel, row after row: 3 · <see cref="Width"/> · <see cref="Height"/> bytes.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>The pixel in column <paramref name="x"/> from the left and row <paramref name="y"/> from the top.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pixel lies outside the image.</exception>
    public (byte Red, byte Green, byte Blue) this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            int at = 3 * (y * Width + x);
            return (_pixels[at], _pixels[at + 1], _pixels[at + 2]);
        }
    }

    internal ReadOnlySpan<byte> Row(int y) => _pixels.AsSpan(3 * Width * y, 3 * Width);

    /// <summary>Makes an image from interleaved RGB bytes, which are copied.</summary>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not hold 3 · width · height bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the image exceeds <see cref="MaxPixels"/>.</exception>
    public static Image FromRgb(int width, int height, ReadOnlySpan<byte> pixels)
    {
        CheckSize(width, height);
        if (pixels.Length != 3 * width * height)
            throw new ArgumentException($"An RGB image of {width}×{height} has {3 * width * height} bytes; found {pixels.Length}.", nameof(pixels));
        return new Image(width, height, pixels.ToArray());
    }

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

    /// <summary>Writes the image as a normalized tensor of 3 planes (red, green, blue): (pixel / 255 − mean) / std.</summary>
    /// <param name="chw">Receives 3 · <see cref="Height"/> · <see cref="Width"/> values in channel, row, column order.</param>
    /// <param name="mean">The mean of each channel, in [0, 1].</param>
    /// <param name="std">The standard deviation of each channel, in (0, 1].</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void CopyTo(Span<float> chw, ReadOnlySpan<float> mean, ReadOnlySpan<float> std)
    {
        if (chw.Length != _pixels.Length)
            throw new ArgumentException($"3×{Height}×{Width} values are written; there is room for {chw.Length}.", nameof(chw));
        if (mean.Length != 3 || std.Length != 3)
            throw new ArgumentException($"Three means and three standard deviations are needed; found {mean.Length} and {std.Length}.");
        Span<float> normalized = stackalloc float[256];
        for (int channel = 0; channel < 3; channel++)
        {
            for (int value = 0; value < 256; value++)
                normalized[value] = (value / 255f - mean[channel]) / std[channel];
            var plane = chw.Slice(channel * Width * Height, Width * Height);
            for (int i = 0, at = channel; i < plane.Length; i++, at += 3)
                plane[i] = normalized[_pixels[at]];
        }
    }

    static void CheckSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MaxPixels, "width * height");
    }
}
