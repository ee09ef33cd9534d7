using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Imaging.Jpeg;

enum JpegColorModel
{
    Grey,
    Rgb,
    YCbCr,
    Cmyk,

    /// <summary>CMYK whose first three were turned into YCbCr as if they were RGB.</summary>
    Ycck,
}

/// <summary>Makes RGB pixels of a frame's components.</summary>
static class JpegColor
{
    public static Image ToImage(JpegFrame frame, JpegColorModel model)
    {
        int width = frame.Width;
        var pixels = new byte[3L * width * frame.Height];
        var upsamplers = Array.ConvertAll(frame.Components, c => new Upsampler(c, frame));
        var rows = Array.ConvertAll(frame.Components, _ => new byte[width + 1]);
        for (int y = 0; y < frame.Height; y++)
        {
            for (int i = 0; i < rows.Length; i++)
                upsamplers[i].WriteRow(y, rows[i]);
            var target = pixels.AsSpan(3 * width * y, 3 * width);
            if (model == JpegColorModel.Grey)
                Interleave(rows[0], rows[0], rows[0], target);
            else
                Interleave(rows[0], rows[1], rows[2], target);
            if (model is JpegColorModel.YCbCr or JpegColorModel.Ycck)
                FromYCbCr(target);
            if (model is JpegColorModel.Cmyk or JpegColorModel.Ycck)
                ApplyBlack(rows[3], target, inverted: model == JpegColorModel.Ycck);
        }
        return new Image(width, frame.Height, pixels);
    }

    static void Interleave(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> target)
    {
        for (int x = 0, to = 0; to + 2 < target.Length; x++, to += 3)
        {
            target[to] = first[x];
            target[to + 1] = second[x];
            target[to + 2] = third[x];
        }
    }

    /// <summary>The conversion of JFIF, with 16 fractional bits.</summary>
    static void FromYCbCr(Span<byte> pixels)
    {
        const int redOfCr = 91881, greenOfCr = -46802, greenOfCb = -22554, blueOfCb = 116130, half = 1 << 15;
        for (int at = 0; at + 2 < pixels.Length; at += 3)
        {
            int y = pixels[at], cb = pixels[at + 1] - 128, cr = pixels[at + 2] - 128;
            pixels[at] = Clamp(y + ((redOfCr * cr + half) >> 16));
            pixels[at + 1] = Clamp(y + ((greenOfCb * cb + greenOfCr * cr + half) >> 16));
            pixels[at + 2] = Clamp(y + ((blueOfCb * cb + half) >> 16));
        }
    }

    /// <summary>
    /// Adobe stores inks inverted, 255 for none, and everyone else has followed. In YCCK the first three are inverted
    /// once more before they become YCbCr, so that converting back yields the inks as they are.
    /// </summary>
    static void ApplyBlack(ReadOnlySpan<byte> black, Span<byte> pixels, bool inverted)
    {
        for (int x = 0, at = 0; at + 2 < pixels.Length; x++, at += 3)
        {
            for (int channel = at; channel < at + 3; channel++)
            {
                int ink = inverted ? pixels[channel] : 255 - pixels[channel];
                // ink · black / 255, rounded.
                int product = ink * black[x] + 128;
                pixels[channel] = Clamp(black[x] - ((product + (product >> 8)) >> 8));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte Clamp(int value) => (uint)value <= 255 ? (byte)value : value < 0 ? (byte)0 : (byte)255;
}
