using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Imaging;

/// <summary>
/// Separable resampling in fixed point, columns first, rounded to 8 bits between the passes: the arithmetic of
/// Pillow, to the bit. The filter widens with the reduction, so that every source pixel counts.
/// </summary>
static class Resampler
{
    public static Image Resize(Image image, int width, int height, ResizeFilter filter)
    {
        if (width != image.Width)
            image = ResizeRows(image, ResampleWeights.Create(image.Width, width, filter));
        if (height != image.Height)
            image = ResizeColumns(image, ResampleWeights.Create(image.Height, height, filter));
        return image;
    }

    static Image ResizeRows(Image image, ResampleWeights weights)
    {
        int width = weights.Length;
        var result = new byte[3 * width * image.Height];
        // A pixel is read as 4 bytes: its own 3, and one that is thrown away; after the last pixel it must exist too.
        var source = new byte[3 * image.Width + 1];
        for (int y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(source);
            var target = result.AsSpan(3 * width * y, 3 * width);
            for (int x = 0; x < width; x++)
            {
                var taps = weights.Taps(x);
                var sums = Vector128.Create(ResampleWeights.Half);
                var pixels = source.AsSpan(3 * weights.First(x), 3 * taps.Length + 1);
                for (int i = 0; i < taps.Length; i++)
                {
                    uint pixel = MemoryMarshal.Read<uint>(pixels[(3 * i)..]);
                    var bytes = Vector128.CreateScalarUnsafe(pixel).AsByte();
                    sums += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * taps[i];
                }
                sums = ResampleWeights.Round(sums);
                target[3 * x] = (byte)sums[0];
                target[3 * x + 1] = (byte)sums[1];
                target[3 * x + 2] = (byte)sums[2];
            }
        }
        return new Image(width, image.Height, result);
    }

    static Image ResizeColumns(Image image, ResampleWeights weights)
    {
        int height = weights.Length, stride = 3 * image.Width;
        var result = new byte[stride * height];
        for (int y = 0; y < height; y++)
        {
            var taps = weights.Taps(y);
            var source = image.Pixels.Slice(stride * weights.First(y), stride * taps.Length);
            var target = result.AsSpan(stride * y, stride);
            int x = 0;
            for (; x <= stride - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                var half = Vector128.Create(ResampleWeights.Half);
                var (sum0, sum1, sum2, sum3) = (half, half, half, half);
                for (int i = 0; i < taps.Length; i++)
                {
                    var (low, high) = Vector128.Widen(Vector128.Create(source.Slice(i * stride + x, Vector128<byte>.Count)));
                    var (v0, v1) = Vector128.Widen(low);
                    var (v2, v3) = Vector128.Widen(high);
                    sum0 += v0.AsInt32() * taps[i];
                    sum1 += v1.AsInt32() * taps[i];
                    sum2 += v2.AsInt32() * taps[i];
                    sum3 += v3.AsInt32() * taps[i];
                }
                var lower = Vector128.Narrow(ResampleWeights.Round(sum0), ResampleWeights.Round(sum1));
                var upper = Vector128.Narrow(ResampleWeights.Round(sum2), ResampleWeights.Round(sum3));
                Vector128.Narrow(lower.AsUInt16(), upper.AsUInt16()).CopyTo(target[x..]);
            }
            for (; x < stride; x++)
            {
                int sum = ResampleWeights.Half;
                for (int i = 0; i < taps.Length; i++)
                    sum += source[i * stride + x] * taps[i];
                target[x] = (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
            }
        }
        return new Image(image.Width, height, result);
    }
}
