using ResNet.Runtime.Imaging;

namespace ResNet.Runtime;

public sealed partial class Image
{
    /// <summary>Scales to the given size, with antialiasing when it shrinks, as Pillow's <c>Image.resize</c> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the result or an intermediate image exceeds <see cref="MaxPixels"/>.</exception>
    public Image Resize(int width, int height, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        CheckSize(width, height);
        CheckSize(width, Height);
        return Resampler.Resize(this, width, height, filter);
    }

    /// <summary>Scales so that the shorter side has <paramref name="size"/> pixels and the shape is kept, as torchvision's <c>Resize(size)</c> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive or exceeds <see cref="MaxPixels"/>.</exception>
    /// <exception cref="ImageException">The image is so much longer than wide that the result would exceed <see cref="MaxPixels"/>.</exception>
    public Image ResizeShorterSide(int size, ResizeFilter filter = ResizeFilter.Bilinear) => ResizeToCover(size, size, filter);

    /// <summary>
    /// Scales, keeping the shape, so that the image just covers <paramref name="width"/> × <paramref name="height"/> pixels: one
    /// side fits, the other is as long or longer. For a square, this is <see cref="ResizeShorterSide"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the rectangle exceeds <see cref="MaxPixels"/>.</exception>
    /// <exception cref="ImageException">The image's shape is so far from the rectangle's that the result would exceed <see cref="MaxPixels"/>.</exception>
    public Image ResizeToCover(int width, int height, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        CheckSize(width, height);
        // The width fits where the image is no wider, for its height, than the rectangle. torchvision truncates the other side.
        var widthFits = (long)Width * height <= (long)Height * width;
        var other = widthFits ? Math.Floor((double)width * Height / Width) : Math.Floor((double)height * Width / Height);
        if (other * (widthFits ? width : height) > MaxPixels)
            throw new ImageException($"An image of {Width}×{Height}, resized to cover {width}×{height}, exceeds {MaxPixels} pixels.");
        return widthFits ? Resize(width, (int)other, filter) : Resize((int)other, height, filter);
    }

    /// <summary>Cuts a square from the center; sides that are too short are padded with black, as torchvision's <c>CenterCrop</c> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive or exceeds <see cref="MaxPixels"/>.</exception>
    public Image CenterCrop(int size) => CenterCrop(size, size);

    /// <summary>Cuts a rectangle from the center; sides that are too short are padded with black, as torchvision's <c>CenterCrop</c> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the result exceeds <see cref="MaxPixels"/>.</exception>
    public Image CenterCrop(int width, int height) => Window(0.5, 0.5, fromRight: false, width, height);

    /// <summary>Cuts out <paramref name="width"/> × <paramref name="height"/> pixels whose upper left one is at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or leaves the image.</exception>
    public Image Crop(int x, int y, int width, int height)
    {
        CheckSize(width, height);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, Width - width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(y, Height - height);
        return CropOrPad(x, y, width, height);
    }

    /// <summary>Mirrors left and right.</summary>
    public Image FlipHorizontal() => Orientation.Apply(this, Orientation.MirroredHorizontally);

    /// <summary>
    /// Cuts out a rectangle of which a part (<paramref name="x"/>, <paramref name="y"/>), from 0 to 1, of what is left over lies on the left,
    /// or else on the right, and above.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the result exceeds <see cref="MaxPixels"/>.</exception>
    internal Image Window(double x, double y, bool fromRight, int width, int height)
    {
        CheckSize(width, height);
        var beside = Offset(Width, width, x);
        return CropOrPad(fromRight ? Width - width - beside : beside, Offset(Height, height, y), width, height);
    }

    // torchvision rounds a crop's offset to even, as Python does, but pads the left with the smaller half.
    static int Offset(int length, int size, double part) =>
        length >= size ? (int)Math.Round((length - size) * part) : -((size - length) / 2);

    Image CropOrPad(int left, int top, int width, int height)
    {
        var result = new byte[3 * width * height];
        int from = Math.Max(left, 0), columns = Math.Min(left + width, Width) - from;
        for (int y = Math.Max(top, 0); y < Math.Min(top + height, Height); y++)
            Row(y).Slice(3 * from, 3 * columns).CopyTo(result.AsSpan(3 * ((y - top) * width + from - left)));
        return new Image(width, height, result);
    }
}
