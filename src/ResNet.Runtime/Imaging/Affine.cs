namespace ResNet.Runtime.Imaging;

/// <summary>Moves the pixels of an image within its frame, as Pillow does; what comes from outside is black.</summary>
static class Affine
{
    /// <summary>Bits of the fraction of a coordinate, as Pillow has them.</summary>
    const int Fraction = 16;

    /// <summary>Shears horizontally about the upper left corner: the pixel (x, y) comes from x + <paramref name="slope"/>·y.</summary>
    public static Image ShearX(Image image, double slope, bool bilinear) => Transform(image, new(1, slope, 0, 0, 1, 0), bilinear);

    /// <summary>Shears vertically about the upper left corner: the pixel (x, y) comes from y + <paramref name="slope"/>·x.</summary>
    public static Image ShearY(Image image, double slope, bool bilinear) => Transform(image, new(1, 0, 0, slope, 1, 0), bilinear);

    /// <summary>Moves to the right and down by whole pixels.</summary>
    public static Image Translate(Image image, int right, int down, bool bilinear) => Transform(image, new(1, 0, -right, 0, 1, -down), bilinear);

    /// <summary>Rotates counterclockwise about the center.</summary>
    public static Image Rotate(Image image, double degrees, bool bilinear)
    {
        var angle = -degrees * Math.PI / 180;
        // Pillow's digits, so that right angles are exact.
        var (cosine, sine) = (Math.Round(Math.Cos(angle), 15), Math.Round(Math.Sin(angle), 15));
        var (x, y) = (image.Width / 2.0, image.Height / 2.0);
        return Transform(image, new(cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y), bilinear);
    }

    static Image Transform(Image image, Matrix from, bool bilinear)
    {
        var pixels = new byte[image.Pixels.Length];
        if (bilinear) Interpolate(image, from, pixels);
        else TakeNearest(image, from, pixels);
        return new(image.Width, image.Height, pixels);
    }

    static void TakeNearest(Image image, Matrix from, byte[] pixels)
    {
        var (rowX, rowY) = (Fixed(from.C + (from.A + from.B) / 2), Fixed(from.F + (from.D + from.E) / 2));
        var (xByX, xByY, yByX, yByY) = (Fixed(from.A), Fixed(from.B), Fixed(from.D), Fixed(from.E));
        for (int y = 0, at = 0; y < image.Height; y++, rowX += xByY, rowY += yByY)
        {
            var (fromX, fromY) = (rowX, rowY);
            for (var x = 0; x < image.Width; x++, at += 3, fromX += xByX, fromY += yByX)
            {
                var (column, row) = (fromX >> Fraction, fromY >> Fraction);
                if (column >= 0 && column < image.Width && row >= 0 && row < image.Height)
                    image.Row((int)row).Slice(3 * (int)column, 3).CopyTo(pixels.AsSpan(at));
            }
        }
    }

    static void Interpolate(Image image, Matrix from, byte[] pixels)
    {
        for (int y = 0, at = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++, at += 3)
            {
                var fromX = from.A * (x + 0.5) + from.B * (y + 0.5) + from.C;
                var fromY = from.D * (x + 0.5) + from.E * (y + 0.5) + from.F;
                if (!(fromX >= 0 && fromX < image.Width && fromY >= 0 && fromY < image.Height)) continue;
                var (left, top) = ((int)Math.Floor(fromX - 0.5), (int)Math.Floor(fromY - 0.5));
                var (partX, partY) = (fromX - 0.5 - left, fromY - 0.5 - top);
                // Beyond the border the pixels of the border go on.
                var (before, after) = (3 * Math.Max(left, 0), 3 * Math.Min(left + 1, image.Width - 1));
                var upper = image.Row(Math.Max(top, 0));
                var lower = image.Row(Math.Min(top + 1, image.Height - 1));
                for (var c = 0; c < 3; c++)
                {
                    var above = upper[before + c] + (upper[after + c] - upper[before + c]) * partX;
                    var below = lower[before + c] + (lower[after + c] - lower[before + c]) * partX;
                    pixels[at + c] = (byte)(above + (below - above) * partY);
                }
            }
    }

    static long Fixed(double value) => (long)Math.Floor(value * (1 << Fraction) + 0.5);

    /// <summary>The place that a pixel comes from: (A·x + B·y + C, D·x + E·y + F), of the centers of pixels.</summary>
    readonly record struct Matrix(double A, double B, double C, double D, double E, double F);
}
