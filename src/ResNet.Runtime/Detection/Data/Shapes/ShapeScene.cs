using System.Numerics;
using ResNet.Runtime.Data.Shapes;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection.Data.Shapes;

/// <summary>
/// A picture before it is drawn: ground, lines and shapes. Arithmetic is what every machine rounds alike: sums, products, quotients and roots.
/// </summary>
sealed class ShapeScene
{
    const double Noise = 0.06, MostOverlap = 0.1;
    const int MostLines = 3, Tries = 20, Colors = 6;

    readonly int _side;
    readonly CounterRandom _noise;
    readonly Vector3 _from, _to;
    readonly (double X, double Y) _along;
    readonly List<(Vector3 Color, (double X, double Y) From, (double X, double Y) To)> _lines = [];
    readonly List<(Vector3 Color, PlacedShape Shape)> _shapes = [];

    /// <param name="key">The key from which the picture follows.</param>
    /// <param name="side">Rows and columns.</param>
    /// <param name="mostShapes">The most shapes.</param>
    public ShapeScene(ulong key, int side, int mostShapes)
    {
        (_side, _noise) = (side, new(key, "noise"));
        var random = new RandomSequence(new(key));
        (_from, _to, _along) = (Color(ref random), Color(ref random), Direction(ref random));
        for (var count = 1 + random.Below(MostLines); count > 0; count--) AddLine(ref random);
        for (var count = 1 + random.Below(mostShapes); count > 0; count--) AddShape(ref random);
    }

    /// <summary>The shapes with their boxes.</summary>
    public List<ObjectAnnotation> Objects { get; } = [];

    public Image Draw()
    {
        var canvas = new Canvas(_side);
        var position = 0L;
        canvas.Fill((x, y) =>
        {
            var along = 0.5 + ((x - _side / 2.0) * _along.X + (y - _side / 2.0) * _along.Y) / (Math.Sqrt(2) * _side);
            return _from + (float)along * (_to - _from) + new Vector3((float)(Noise * (2 * _noise.Uniform(position++) - 1)));
        });
        foreach (var (color, from, to) in _lines)
        {
            var halfWidth = 0.8 * _side / 128;
            var reach = (int)Math.Ceiling(halfWidth + 1);
            canvas.Paint((x, y) => Outline.Segment(from, to, x, y) - halfWidth, color,
                ((int)Math.Min(from.X, to.X) - reach, (int)Math.Min(from.Y, to.Y) - reach, (int)Math.Max(from.X, to.X) + reach + 1, (int)Math.Max(from.Y, to.Y) + reach + 1));
        }
        foreach (var (color, shape) in _shapes) shape.Paint(canvas, color);
        return canvas.ToImage();
    }

    void AddLine(ref RandomSequence random)
    {
        var (from, direction) = ((X: random.Between(0, _side), Y: random.Between(0, _side)), Direction(ref random));
        var length = random.Between(10, 60) * _side / 128;
        _lines.Add((Color(ref random), from, (from.X + length * direction.X, from.Y + length * direction.Y)));
    }

    /// <summary>Adds a shape where it hardly overlaps another, if chance finds such a place.</summary>
    void AddShape(ref RandomSequence random)
    {
        for (var tries = Tries; tries > 0; tries--)
        {
            var (label, size) = (random.Below(PlacedShape.Names.Length), random.Between(0, 1));
            // From 8 to 28 pixels of 128, small ones oftener: about 8 · 2^(1.8 size).
            var radius = (1 + size + 1.5 * size * size) * _side / 16;
            var shape = new PlacedShape(label, radius, (random.Between(radius, _side - radius), random.Between(radius, _side - radius)), Direction(ref random));
            var box = shape.Box();
            if (Objects.Exists(other => other.Box.Overlap(box) > MostOverlap)) continue;
            Objects.Add(new(label, box));
            _shapes.Add((StandingOut(ref random), shape));
            return;
        }
    }

    /// <summary>Draws some colors and returns the one farthest from the ground's: a shape that cannot be seen teaches nothing.</summary>
    Vector3 StandingOut(ref RandomSequence random)
    {
        var ground = (_from + _to) / 2;
        var (best, farthest) = (ground, -1f);
        for (var count = Colors; count > 0; count--)
        {
            var color = Color(ref random);
            var difference = Vector3.Abs(color - ground);
            var distance = difference.X + difference.Y + difference.Z;
            if (distance > farthest) (best, farthest) = (color, distance);
        }
        return best;
    }

    static Vector3 Color(ref RandomSequence random) => new((float)random.Between(0, 1), (float)random.Between(0, 1), (float)random.Between(0, 1));

    /// <summary>A direction, all alike: a point of the disk, moved out to its edge.</summary>
    static (double X, double Y) Direction(ref RandomSequence random)
    {
        while (true)
        {
            double x = random.Between(-1, 1), y = random.Between(-1, 1), square = x * x + y * y;
            if (square is > 0.01 and <= 1) return (x / Math.Sqrt(square), y / Math.Sqrt(square));
        }
    }
}
