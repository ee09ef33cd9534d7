using System.Numerics;
using ResNet.Runtime.Data.Shapes;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// Drawn pictures of 32 × 32 pixels in ten classes, to train on where there is no data: a shape of random color, place, size
/// and rotation over a shaded, noisy background with lines. Each is a function of seed, split and index, on every machine.
/// </summary>
public sealed class Shapes10 : ImageDataset
{
    /// <summary>Height and width of an image.</summary>
    public const int Side = 32;

    const double SmallestRadius = 7, LargestRadius = 12, Noise = 0.06;
    const int FewestLines = 2, MostLines = 5;

    readonly CounterRandom _keys;
    readonly DatasetSplit _split;

    /// <summary>Declares the images; each is drawn when it is asked for.</summary>
    /// <param name="count">Number of images; the classes take turns.</param>
    /// <param name="split">Test and training images have nothing in common.</param>
    /// <param name="seed">Other seeds give other images.</param>
    /// <exception cref="ArgumentException">The count is not positive, or the split no part.</exception>
    public Shapes10(int count, DatasetSplit split = DatasetSplit.Train, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        (Count, _split, _keys) = (count, split.Checked(), new(seed, $"Shapes10 {split}"));
    }

    /// <summary>Names of the classes, by index.</summary>
    public static IReadOnlyList<string> Names { get; } = Outline.Names.AsReadOnly();

    /// <inheritdoc/>
    public override string Description => $"Shapes10, {Count} drawn {(_split == DatasetSplit.Train ? "training" : "test")} images";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => Names;

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override int ClassOf(int index) => Checked(index) % Names.Count;

    /// <inheritdoc/>
    public override string NameOf(int index) => $"Shapes10 {_split}#{Checked(index)}";

    /// <inheritdoc/>
    public override Image Load(int index)
    {
        var random = new RandomSequence(new(_keys[Checked(index)]));
        var canvas = new Canvas(Side);
        Vector3 from = Color(ref random), to = Color(ref random);
        Shade(canvas, from, to, ref random);
        for (var lines = FewestLines + random.Below(MostLines - FewestLines + 1); lines > 0; lines--)
            DrawLine(canvas, ref random);
        // The color of a few that stands out most: a shape that cannot be seen teaches nothing.
        Vector3[] colors = [Color(ref random), Color(ref random), Color(ref random), Color(ref random)];
        DrawShape(canvas, ClassOf(index), colors.MaxBy(color => MathF.Min(Vector3.Distance(color, from), Vector3.Distance(color, to))), ref random);
        return canvas.ToImage();
    }

    static void Shade(Canvas canvas, Vector3 from, Vector3 to, ref RandomSequence random)
    {
        var (sin, cos) = Math.SinCos(random.Between(0, 2 * Math.PI));
        var noise = random;
        canvas.Fill((x, y) =>
        {
            var along = 0.5 + ((x - Side / 2.0) * cos + (y - Side / 2.0) * sin) / (Math.Sqrt(2) * Side);
            var grain = (float)noise.Between(-Noise, Noise);
            return Vector3.Lerp(from, to, (float)along) + new Vector3(grain);
        });
        random = noise;
    }

    static void DrawLine(Canvas canvas, ref RandomSequence random)
    {
        var from = (X: random.Between(0, Side), Y: random.Between(0, Side));
        var (sin, cos) = Math.SinCos(random.Between(0, 2 * Math.PI));
        var length = random.Between(6, 24);
        var to = (from.X + length * cos, from.Y + length * sin);
        var halfWidth = random.Between(0.4, 1);
        canvas.Paint((x, y) => Outline.Segment(from, to, x, y) - halfWidth, Color(ref random));
    }

    static void DrawShape(Canvas canvas, int shape, Vector3 color, ref RandomSequence random)
    {
        var radius = random.Between(SmallestRadius, LargestRadius);
        double centerX = random.Between(radius, Side - radius), centerY = random.Between(radius, Side - radius);
        var (sin, cos) = Math.SinCos(random.Between(0, 2 * Math.PI));
        canvas.Paint((x, y) =>
        {
            double dx = (x - centerX) / radius, dy = (y - centerY) / radius;
            return radius * Outline.Distance(shape, cos * dx + sin * dy, cos * dy - sin * dx);
        }, color);
    }

    static Vector3 Color(ref RandomSequence random) =>
        new((float)random.Between(0, 1), (float)random.Between(0, 1), (float)random.Between(0, 1));

    int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index;
    }
}
