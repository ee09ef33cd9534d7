using System.Numerics;

namespace ResNet.Runtime.Detection.Drawing;

/// <summary>A copy of a picture that is drawn on. A pixel that a form covers in part is blended by the part.</summary>
sealed class Sketch(Image picture)
{
    readonly byte[] _pixels = picture.Pixels.ToArray();

    /// <summary>Fills a rectangle.</summary>
    /// <param name="box">Where; what is outside of the picture is left out.</param>
    /// <param name="color">Red, green and blue, each from 0 to 1.</param>
    /// <param name="opacity">From 0 to 1.</param>
    public void Fill(Box box, Vector3 color, double opacity = 1)
    {
        var within = box.Clip(picture.Width, picture.Height);
        for (var y = (int)within.Y1; y < within.Y2; y++)
            for (var x = (int)within.X1; x < within.X2; x++)
                Blend(x, y, color, opacity * within.Intersection(new(x, y, x + 1, y + 1)));
    }

    /// <summary>Draws lines with a round pen, all of them as one form: where they cross, a pixel is blended once.</summary>
    /// <param name="lines">The points of each line; a single point that is given twice is a dot.</param>
    /// <param name="width">Pixels across the pen.</param>
    /// <param name="color">Red, green and blue, each from 0 to 1.</param>
    public void Stroke((double X, double Y)[][] lines, double width, Vector3 color)
    {
        if (lines.Length == 0) return;
        var points = lines.SelectMany(line => line).ToList();
        var reach = width / 2 + 1;
        var within = new Box(points.Min(point => point.X) - reach, points.Min(point => point.Y) - reach, points.Max(point => point.X) + reach, points.Max(point => point.Y) + reach)
            .Clip(picture.Width, picture.Height);
        for (var y = (int)within.Y1; y < within.Y2; y++)
            for (var x = (int)within.X1; x < within.X2; x++)
                Blend(x, y, color, Math.Clamp(width / 2 + 0.5 - Distance(lines, x + 0.5, y + 0.5), 0, 1));
    }

    public Image ToImage() => Image.FromRgb(picture.Width, picture.Height, _pixels);

    void Blend(int x, int y, Vector3 color, double coverage)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            ref var value = ref _pixels[3 * (y * picture.Width + x) + channel];
            value = (byte)Math.Round(value + coverage * (255 * color[channel] - value));
        }
    }

    static double Distance((double X, double Y)[][] lines, double x, double y)
    {
        var nearest = double.MaxValue;
        foreach (var line in lines)
            for (var i = 1; i < line.Length; i++) nearest = Math.Min(nearest, Square(line[i - 1], line[i], x, y));
        return Math.Sqrt(nearest);
    }

    /// <summary>The square of the distance of a point from a segment, which may be a point itself.</summary>
    static double Square((double X, double Y) from, (double X, double Y) to, double x, double y)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y, length = dx * dx + dy * dy;
        var along = length > 0 ? Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / length, 0, 1) : 0;
        double ex = x - from.X - along * dx, ey = y - from.Y - along * dy;
        return ex * ex + ey * ey;
    }
}
