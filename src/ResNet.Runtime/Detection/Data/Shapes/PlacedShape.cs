using System.Numerics;
using ResNet.Runtime.Data.Shapes;

namespace ResNet.Runtime.Detection.Data.Shapes;

/// <summary>A shape somewhere on a picture.</summary>
/// <param name="Label">Index of its class.</param>
/// <param name="Radius">Pixels from its center to its farthest point.</param>
/// <param name="Center">The place.</param>
/// <param name="Direction">Cosine and sine of its rotation.</param>
readonly record struct PlacedShape(int Label, double Radius, (double X, double Y) Center, (double X, double Y) Direction)
{
    static readonly int[] _outlines = [.. ((string[])["circle", "ring", "square", "triangle", "cross", "bar"]).Select(name => Array.IndexOf(Outline.Names, name))];

    /// <summary>Names by class.</summary>
    public static readonly string[] Names = ["disk", "ring", "square", "triangle", "cross", "bar"];

    (int Left, int Top, int Right, int Bottom) Reach =>
        ((int)Math.Floor(Center.X - Radius - 1), (int)Math.Floor(Center.Y - Radius - 1), (int)Math.Ceiling(Center.X + Radius + 1), (int)Math.Ceiling(Center.Y + Radius + 1));

    /// <summary>Returns the box around the pixels that the shape covers by more than half.</summary>
    public Box Box()
    {
        var (reach, box) = (Reach, new Box(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue));
        for (var y = reach.Top; y < reach.Bottom; y++)
            for (var x = reach.Left; x < reach.Right; x++)
                if (Distance(x + 0.5, y + 0.5) < 0) box = new(Math.Min(box.X1, x), Math.Min(box.Y1, y), Math.Max(box.X2, x + 1), Math.Max(box.Y2, y + 1));
        return box;
    }

    public void Paint(Canvas canvas, Vector3 color) => canvas.Paint(Distance, color, Reach);

    double Distance(double x, double y)
    {
        double dx = (x - Center.X) / Radius, dy = (y - Center.Y) / Radius;
        return Radius * Outline.Distance(_outlines[Label], Direction.X * dx + Direction.Y * dy, Direction.X * dy - Direction.Y * dx);
    }
}
