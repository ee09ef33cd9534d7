namespace ResNet.Runtime.Data.Shapes;

/// <summary>
/// The ten shapes as signed distances from their edge, negative inside; each lies within the circle of radius 1 around the origin.
/// Where two edges meet, distances outside may come out too small, which changes less than a pixel's blending.
/// </summary>
static class Outline
{
    // Sine and cosine are not the same to the last bit on every machine; roots are.
    static readonly (double X, double Y)[] _triangle = [(1, 0), (-0.5, Math.Sqrt(0.75)), (-0.5, -Math.Sqrt(0.75))];
    static readonly (double X, double Y)[] _square = [(1, 0), (0, 1), (-1, 0), (0, -1)];
    static readonly (double X, double Y)[] _star = Regular(10, 1, 0.42);
    static readonly (double X, double Y)[] _bar = [(-0.95, -0.28), (0.95, -0.28), (0.95, 0.28), (-0.95, 0.28)];

    static readonly (double X, double Y)[] _cross =
    [
        (-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3),
        (0.3, 0.95), (-0.3, 0.95), (-0.3, 0.3), (-0.95, 0.3), (-0.95, -0.3), (-0.3, -0.3),
    ];

    static readonly (double X, double Y)[] _arrow =
        [(1, 0), (0.1, 0.85), (0.1, 0.3), (-0.95, 0.3), (-0.95, -0.3), (0.1, -0.3), (0.1, -0.85)];

    /// <summary>Names by class.</summary>
    public static readonly string[] Names = ["circle", "ring", "semicircle", "crescent", "triangle", "square", "bar", "cross", "star", "arrow"];

    /// <summary>Signed distance of a point from a class's shape.</summary>
    public static double Distance(int shape, double x, double y) => Names[shape] switch
    {
        "circle" => Math.Sqrt(x * x + y * y) - 1,
        "ring" => Math.Abs(Math.Sqrt(x * x + y * y) - 0.78) - 0.22,
        "semicircle" => Math.Max(Math.Sqrt(x * x + (y + 0.4) * (y + 0.4)) - 1, -0.4 - y),
        "crescent" => Math.Max(Math.Sqrt(x * x + y * y) - 1, 0.8 - Math.Sqrt((x - 0.55) * (x - 0.55) + y * y)),
        "triangle" => Polygon(_triangle, x, y),
        "square" => Polygon(_square, x, y),
        "bar" => Polygon(_bar, x, y),
        "cross" => Polygon(_cross, x, y),
        "star" => Polygon(_star, x, y),
        _ => Polygon(_arrow, x, y),
    };

    /// <summary>Distance of a point from a segment.</summary>
    public static double Segment((double X, double Y) from, (double X, double Y) to, double x, double y)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y;
        var along = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        double ex = x - from.X - along * dx, ey = y - from.Y - along * dy;
        return Math.Sqrt(ex * ex + ey * ey);
    }

    static double Polygon((double X, double Y)[] corners, double x, double y)
    {
        var (nearest, isInside) = (double.MaxValue, false);
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            var (a, b) = (corners[j], corners[i]);
            nearest = Math.Min(nearest, Segment(a, b, x, y));
            if (a.Y > y != b.Y > y && x < a.X + (y - a.Y) * (b.X - a.X) / (b.Y - a.Y)) isInside = !isInside;
        }
        return isInside ? -nearest : nearest;
    }

    /// <summary>A polygon whose corners lie alternately on two circles.</summary>
    static (double X, double Y)[] Regular(int corners, double even, double odd) =>
        [.. Enumerable.Range(0, corners).Select(i =>
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / corners);
            var radius = i % 2 == 0 ? even : odd;
            return (radius * cos, radius * sin);
        })];
}
