using System.Runtime.CompilerServices;
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
        int width = weights.Length, height = image.Height;
        var result = GC.AllocateUninitializedArray<byte>(3 * width * height);
        // Of four rows, whose weights are the same, the pixels of a column lie side by side.
        var columns = new Vector128<uint>[image.Width];
        for (int y = 0; y < height; y += 4)
        {
            // Below the last row it is taken again.
            int row1 = Math.Min(y + 1, height - 1), row2 = Math.Min(y + 2, height - 1), row3 = Math.Min(y + 3, height - 1);
            Gather(image.Row(y), image.Row(row1), image.Row(row2), image.Row(row3), columns);
            for (int x = 0; x < width; x++)
            {
                var taps = weights.Taps(x);
                var pixels = columns.AsSpan(weights.First(x), taps.Length);
                var (upper, lower) = (Vector256.Create(ResampleWeights.Half), Vector256.Create(ResampleWeights.Half));
                for (int i = 0; i < taps.Length; i++)
                {
                    var (values01, values23) = Vector256.Widen(Vector256.WidenLower(pixels[i].AsByte().ToVector256Unsafe()));
                    upper += values01.AsInt32() * taps[i];
                    lower += values23.AsInt32() * taps[i];
                }
                var words = Vector256.Narrow(ResampleWeights.Round(upper), ResampleWeights.Round(lower)).AsUInt16();
                var bytes = Vector128.Narrow(words.GetLower(), words.GetUpper()).AsUInt32();
                Store(bytes[0], result, width * y + x);
                Store(bytes[1], result, width * row1 + x);
                Store(bytes[2], result, width * row2 + x);
                Store(bytes[3], result, width * row3 + x);
            }
        }
        return new Image(width, height, result);
    }

    /// <summary>Takes the pixels of four rows, 3 bytes each, and one byte more, which nothing is made of.</summary>
    static void Gather(ReadOnlySpan<byte> row0, ReadOnlySpan<byte> row1, ReadOnlySpan<byte> row2, ReadOnlySpan<byte> row3, Span<Vector128<uint>> columns)
    {
        int last = columns.Length - 1;
        for (int x = 0; x < last; x++)
        {
            columns[x] = Vector128.Create(MemoryMarshal.Read<uint>(row0[(3 * x)..]), MemoryMarshal.Read<uint>(row1[(3 * x)..]),
                MemoryMarshal.Read<uint>(row2[(3 * x)..]), MemoryMarshal.Read<uint>(row3[(3 * x)..]));
        }
        columns[last] = Vector128.Create(Last(row0), Last(row1), Last(row2), Last(row3));

        static uint Last(ReadOnlySpan<byte> row) => row[^3] | (uint)row[^2] << 8 | (uint)row[^1] << 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(uint pixel, Span<byte> pixels, int at)
    {
        pixels[3 * at + 2] = (byte)(pixel >> 16);
        pixels[3 * at + 1] = (byte)(pixel >> 8);
        pixels[3 * at] = (byte)pixel;
    }

    static Image ResizeColumns(Image image, ResampleWeights weights)
    {
        int height = weights.Length, stride = 3 * image.Width;
        var result = GC.AllocateUninitializedArray<byte>(stride * height);
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
