using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using ResNet.Dsl;

namespace ResNet.Runtime;

/// <summary>
/// The conversion of a picture to a network's input: resized until it just covers a rectangle of the crop's proportions, center cropped,
/// scaled to 0…1, normalized by channel. For a square crop, the picture's shorter side is resized, as torchvision does it.
/// </summary>
/// <param name="Resize">Shorter side, in pixels, of the rectangle that the resized picture covers. Resizing is antialiased.</param>
/// <param name="Height">Rows of the center crop.</param>
/// <param name="Width">Columns of the center crop.</param>
public sealed record Preprocessing(int Resize, int Height, int Width)
{
    static readonly float[] _imageNetMean = [0.485f, 0.456f, 0.406f];
    static readonly float[] _imageNetDeviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Subtracted from each of the red, green and blue channels. ImageNet's mean by default.</summary>
    /// <exception cref="ArgumentException">There are not three finite values.</exception>
    public IReadOnlyList<float> Mean
    {
        get;
        init => field = value is [_, _, _] && value.All(float.IsFinite) ? value
            : throw new ArgumentException($"{nameof(Mean)} is [{string.Join(", ", value ?? [])}]; expected three finite values", nameof(Mean));
    } = _imageNetMean;

    /// <summary>Divides each of the red, green and blue channels. ImageNet's standard deviation by default.</summary>
    /// <exception cref="ArgumentException">There are not three positive, finite values.</exception>
    public IReadOnlyList<float> Deviation
    {
        get;
        init => field = value is [_, _, _] && value.All(deviation => deviation > 0 && float.IsFinite(deviation)) ? value
            : throw new ArgumentException($"{nameof(Deviation)} is [{string.Join(", ", value ?? [])}]; expected three positive, finite values", nameof(Deviation));
    } = _imageNetDeviation;

    /// <summary>
    /// Subtracted from each pixel, in the place of <see cref="Mean"/>; null for <see cref="Mean"/>. <see cref="Deviation"/> divides all
    /// the same: in He et al. 2015, section 4.2, by 1.
    /// </summary>
    [JsonIgnore]
    public PixelMean? PixelMean { get; init; }

    /// <summary>Channels of the input: red, green and blue or, for 1, the mean of the three after they are normalized. 3 by default.</summary>
    /// <exception cref="ArgumentException">There are neither 3 nor 1.</exception>
    [JsonIgnore]
    public int Channels
    {
        get;
        init => field = value is 1 or 3 ? value : throw new ArgumentException($"{nameof(Channels)} is {value}; expected 1 or 3", nameof(Channels));
    } = 3;

    /// <summary>
    /// The common evaluation of a network's size: ImageNet's 256/224 margin around the crop (He et al. 2015, section 3.4),
    /// and none for small images as of CIFAR, of at most 64 pixels on either side.
    /// </summary>
    /// <param name="input">Shape of the network's input.</param>
    public static Preprocessing For(Shape input)
    {
        var side = Math.Min(input.Height, input.Width);
        return new(Math.Max(input.Height, input.Width) <= 64 ? side : (int)Math.Round(side * 256 / 224.0), input.Height, input.Width) { Channels = input.Channels == 1 ? 1 : 3 };
    }

    /// <summary>
    /// The same for another size of the input: the margin around the crop keeps its proportion, and a mean per pixel becomes the
    /// mean of each of its channels.
    /// </summary>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    internal Preprocessing WithSize(int height, int width)
    {
        if ((height, width) == (Height, Width)) return this;
        var margin = (double)Resize / Math.Min(Height, Width);
        var resized = new Preprocessing((int)Math.Round(Math.Min(height, width) * margin), height, width) { Mean = Mean, Deviation = Deviation, Channels = Channels };
        return PixelMean is null ? resized : resized with { Mean = PixelMean.OfChannels() };
    }

    /// <summary>Writes one image's input tensor, channels × height × width.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="to"><see cref="Channels"/> × <see cref="Height"/> × <see cref="Width"/> values.</param>
    /// <exception cref="ArgumentException">The span has another length, or <see cref="PixelMean"/> another size.</exception>
    public void Apply(Image image, Span<float> to)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (to.Length != (long)Channels * Height * Width)
            throw new ArgumentException($"{Channels}×{Height}×{Width} values are written; there is room for {to.Length}.", nameof(to));
        Normalize(Crop(image), 0, 0, isMirrored: false, [0, 0, 0], to);
    }

    /// <summary>The values, not the types, of the lists: a text that tells one preprocessing from another.</summary>
    bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Resize = {Resize}, Height = {Height}, Width = {Width}, ");
        if (PixelMean is null) text.Append(CultureInfo.InvariantCulture, $"Mean = [{Mean[0]}, {Mean[1]}, {Mean[2]}], ");
        else text.Append(CultureInfo.InvariantCulture, $"PixelMean = {PixelMean}, ");
        text.Append(CultureInfo.InvariantCulture, $"Deviation = [{Deviation[0]}, {Deviation[1]}, {Deviation[2]}]");
        if (Channels != 3) text.Append(CultureInfo.InvariantCulture, $", Channels = {Channels}");
        return true;
    }

    /// <summary>Resizes and crops, without normalizing.</summary>
    internal Image Crop(Image image) => Cover(image, Resize).CenterCrop(Width, Height);

    /// <summary>Resizes a picture until it just covers a rectangle of the crop's proportions.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="shorterSide">Length of the rectangle's shorter side.</param>
    internal Image Cover(Image image, int shorterSide)
    {
        var (width, height) = CoverSize(shorterSide);
        return image.ResizeToCover(width, height);
    }

    /// <summary>Returns the size of the rectangle of the crop's proportions.</summary>
    /// <param name="shorterSide">Length of its shorter side.</param>
    internal (int Width, int Height) CoverSize(int shorterSide)
    {
        var scale = (double)shorterSide / Math.Min(Width, Height);
        return ((int)Math.Round(Width * scale), (int)Math.Round(Height * scale));
    }

    /// <summary>Writes the normalized pixels of a window of the input's size.</summary>
    /// <param name="image">An image of the input's size.</param>
    /// <param name="left">The window's first column; outside of the image, values are zero.</param>
    /// <param name="top">The window's first row.</param>
    /// <param name="isMirrored">Whether the window's columns are written from right to left.</param>
    /// <param name="shift">Added to red, green and blue, from 0 to 1, before they are normalized.</param>
    /// <param name="to"><see cref="Channels"/> × <see cref="Height"/> × <see cref="Width"/> values.</param>
    internal void Normalize(Image image, int left, int top, bool isMirrored, ReadOnlySpan<float> shift, Span<float> to)
    {
        if (PixelMean is { } pixelMean && (pixelMean.Height, pixelMean.Width) != (Height, Width))
            throw new ArgumentException($"{nameof(PixelMean)} is of {pixelMean.Width}×{pixelMean.Height} pixels, the input of {Width}×{Height}");
        if (Channels == 1)
        {
            NormalizeGrey(image, left, top, isMirrored, shift, to);
            return;
        }
        if (left != 0 || top != 0) to.Clear();
        // The part of the window that lies within the image.
        int first = Math.Max(0, -left), end = Math.Min(Width, Width - left);
        if (first >= end) return;
        Span<float> scaled = stackalloc float[256];
        for (var channel = 0; channel < 3; channel++)
        {
            // With a mean per pixel, it is left to subtract.
            var (mean, deviation) = (PixelMean is null ? Mean[channel] : 0, Deviation[channel]);
            for (var value = 0; value < 256; value++)
                scaled[value] = (value / 255f + shift[channel] - mean) / deviation;
            for (var y = Math.Max(0, -top); y < Math.Min(Height, Height - top); y++)
            {
                var row = image.Row(y + top);
                var means = PixelMean is null ? default : PixelMean.Values.Slice((channel * Height + y + top) * Width, Width);
                var output = to.Slice((channel * Height + y) * Width, Width);
                LookUp(row[(3 * (first + left) + channel)..], scaled, output[first..end]);
                for (var x = first; x < end && !means.IsEmpty; x++) output[x] -= means[x + left] / deviation;
                if (isMirrored) output.Reverse();
            }
        }
    }

    /// <summary>Takes the value of every third sample.</summary>
    static void LookUp(ReadOnlySpan<byte> samples, ReadOnlySpan<float> values, Span<float> to)
    {
        for (var x = 0; x < to.Length; x++) to[x] = values[samples[3 * x]];
    }

    void NormalizeGrey(Image image, int left, int top, bool isMirrored, ReadOnlySpan<float> shift, Span<float> to)
    {
        var colors = ArrayPool<float>.Shared.Rent(3 * to.Length);
        try
        {
            (this with { Channels = 3 }).Normalize(image, left, top, isMirrored, shift, colors.AsSpan(0, 3 * to.Length));
            for (var i = 0; i < to.Length; i++) to[i] = (colors[i] + colors[to.Length + i] + colors[2 * to.Length + i]) / 3;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(colors);
        }
    }
}
