using System.Buffers.Binary;

namespace ResNet.Runtime.Imaging;

/// <summary>The orientation tag of EXIF (CIPA DC-008, tag 0x0112): which way up the stored rows are to be shown.</summary>
static class Orientation
{
    public const int Upright = 1;
    public const int MirroredHorizontally = 2;

    const int Tag = 0x0112, ShortType = 3;

    /// <summary>Turns stored pixels so that they are seen upright.</summary>
    public static Image Apply(Image image, int orientation)
    {
        if (orientation == Upright)
            return image;
        // From 5 on, stored rows are shown as columns.
        bool transposed = orientation >= 5;
        var (width, height) = transposed ? (image.Height, image.Width) : (image.Width, image.Height);
        bool fromRight = orientation is 2 or 3 or 7 or 8, fromBottom = orientation is 3 or 4 or 6 or 7;
        int origin = (fromRight ? image.Width - 1 : 0) + (fromBottom ? image.Height - 1 : 0) * image.Width;
        int column = fromRight ? -1 : 1, row = fromBottom ? -image.Width : image.Width;
        var (right, down) = transposed ? (row, column) : (column, row);

        var source = image.Pixels;
        var result = new byte[source.Length];
        for (int y = 0, to = 0; y < height; y++)
        {
            for (int x = 0, from = 3 * (origin + y * down); x < width; x++, from += 3 * right, to += 3)
            {
                result[to] = source[from];
                result[to + 1] = source[from + 1];
                result[to + 2] = source[from + 2];
            }
        }
        return new Image(width, height, result);
    }

    /// <summary>Finds the tag in an EXIF block (a TIFF header and its first directory); upright where it is absent or broken.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return Upright;
        bool littleEndian = tiff.StartsWith("II*\0"u8);
        if (!littleEndian && !tiff.StartsWith("MM\0*"u8))
            return Upright;

        uint offset = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (offset > tiff.Length - 2)
            return Upright;
        var directory = tiff[(int)offset..];
        int entries = U16(directory, littleEndian);
        for (int i = 0; i < entries && 2 + 12 * (i + 1) <= directory.Length; i++)
        {
            var entry = directory.Slice(2 + 12 * i, 12);
            if (U16(entry, littleEndian) == Tag && U16(entry[2..], littleEndian) == ShortType)
                return U16(entry[8..], littleEndian) is >= 1 and <= 8 and var value ? value : Upright;
        }
        return Upright;
    }

    static int U16(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
