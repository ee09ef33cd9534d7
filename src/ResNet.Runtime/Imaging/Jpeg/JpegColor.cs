using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    /// <summary>Rows are padded to a multiple of so many pixels.</summary>
    const int Step = 16;

    public static Image ToImage(JpegFrame frame, JpegColorModel model)
    {
        int width = frame.Width;
        var pixels = GC.AllocateUninitializedArray<byte>(checked(3 * width * frame.Height));
        var upsamplers = Array.ConvertAll(frame.Components, c => new Upsampler(c, frame));
        var rows = Array.ConvertAll(frame.Components, _ => new byte[(width / Step + 1) * Step]);
        for (int y = 0; y < frame.Height; y++)
        {
            for (int i = 0; i < rows.Length; i++)
                upsamplers[i].WriteRow(y, rows[i]);
            var target = pixels.AsSpan(3 * width * y, 3 * width);
            if (model is JpegColorModel.YCbCr or JpegColorModel.Ycck)
                FromYCbCr(rows[0], rows[1], rows[2]);
            if (model == JpegColorModel.Grey)
                Interleave(rows[0], rows[0], rows[0], target);
            else
                Interleave(rows[0], rows[1], rows[2], target);
            if (model is JpegColorModel.Cmyk or JpegColorModel.Ycck)
                ApplyBlack(rows[3], target, inverted: model == JpegColorModel.Ycck);
        }
        return new Image(width, frame.Height, pixels);
    }

    static void Interleave(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> target)
    {
        int x = 0;
        for (; 3 * (x + Step) <= target.Length; x += Step)
        {
            var (a, b, c) = (Vector128.Create(first[x..]), Vector128.Create(second[x..]), Vector128.Create(third[x..]));
            // Places that a shuffle has no source for become zero.
            (Vector128.Shuffle(a, Vector128.Create((byte)0, 99, 99, 1, 99, 99, 2, 99, 99, 3, 99, 99, 4, 99, 99, 5))
                | Vector128.Shuffle(b, Vector128.Create((byte)99, 0, 99, 99, 1, 99, 99, 2, 99, 99, 3, 99, 99, 4, 99, 99))
                | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 0, 99, 99, 1, 99, 99, 2, 99, 99, 3, 99, 99, 4, 99))).CopyTo(target[(3 * x)..]);
            (Vector128.Shuffle(a, Vector128.Create((byte)99, 99, 6, 99, 99, 7, 99, 99, 8, 99, 99, 9, 99, 99, 10, 99))
                | Vector128.Shuffle(b, Vector128.Create((byte)5, 99, 99, 6, 99, 99, 7, 99, 99, 8, 99, 99, 9, 99, 99, 10))
                | Vector128.Shuffle(c, Vector128.Create((byte)99, 5, 99, 99, 6, 99, 99, 7, 99, 99, 8, 99, 99, 9, 99, 99))).CopyTo(target[(3 * x + 16)..]);
            (Vector128.Shuffle(a, Vector128.Create((byte)99, 11, 99, 99, 12, 99, 99, 13, 99, 99, 14, 99, 99, 15, 99, 99))
                | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 11, 99, 99, 12, 99, 99, 13, 99, 99, 14, 99, 99, 15, 99))
                | Vector128.Shuffle(c, Vector128.Create((byte)10, 99, 99, 11, 99, 99, 12, 99, 99, 13, 99, 99, 14, 99, 99, 15))).CopyTo(target[(3 * x + 32)..]);
        }
        for (int to = 3 * x; to + 2 < target.Length; x++, to += 3)
        {
            target[to] = first[x];
            target[to + 1] = second[x];
            target[to + 2] = third[x];
        }
    }

    /// <summary>The conversion of JFIF, with 16 fractional bits, in place: of a row's components, eight pixels at a time.</summary>
    static void FromYCbCr(Span<byte> first, Span<byte> second, Span<byte> third)
    {
        const int redOfCr = 91881, greenOfCr = -46802, greenOfCb = -22554, blueOfCb = 116130;
        var half = Vector256.Create(1 << 15);
        for (int at = 0; at < first.Length; at += Vector256<int>.Count)
        {
            var y = SampleVector.Load(first[at..]);
            var (cb, cr) = (SampleVector.Load(second[at..]) - Vector256.Create(128), SampleVector.Load(third[at..]) - Vector256.Create(128));
            SampleVector.Store(y + ((cr * redOfCr + half) >> 16), first[at..]);
            SampleVector.Store(y + ((cb * greenOfCb + cr * greenOfCr + half) >> 16), second[at..]);
            SampleVector.Store(y + ((cb * blueOfCb + half) >> 16), third[at..]);
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
