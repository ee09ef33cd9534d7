using System.Globalization;
using System.Numerics;

namespace ResNet.Runtime.Detection.Drawing;

/// <summary>Draws boxes and their labels into a picture: colors follow from the class, sizes from the picture.</summary>
public static class DetectionDrawing
{
    const int LeastCapitals = 9, MostCapitals = 36;

    static readonly Vector3 _black = Vector3.Zero, _white = Vector3.One;

    /// <summary>Draws what a detector found, each box with the name of its class and its score; greater scores are on top.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="found">The detections.</param>
    /// <returns>A picture of the same size.</returns>
    public static Image Draw(Image picture, IReadOnlyList<DetectedObject> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return Draw(picture, [.. found.OrderBy(item => item.Score).Select(item => new DrawnBox(item.Box, LabelOf(item), item.Label))]);
    }

    /// <summary>Draws boxes, one over the other in their order, and then their plates. Boxes outside of the picture are left out.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="boxes">The boxes.</param>
    /// <returns>A picture of the same size.</returns>
    public static Image Draw(Image picture, IReadOnlyList<DrawnBox> boxes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(boxes);
        var (sketch, shorter) = (new Sketch(picture), Math.Min(picture.Width, picture.Height));
        // Thirds of the font's rows fall on whole pixels, so that its horizontal lines are sharp.
        var capitals = Math.Clamp(shorter / 45 / 3 * 3, LeastCapitals, MostCapitals);
        var thickness = Math.Max(2, Math.Round(shorter / 250.0));
        var visible = boxes.Where(item => item.Box.Clip(picture.Width, picture.Height).Area > 0).ToList();
        foreach (var item in visible) DrawFrame(sketch, item.Box.Clip(picture.Width, picture.Height), ColorOf(item.Color), thickness, item.IsDashed);
        var plates = new List<Box>();
        // The last box is the topmost: its plate gets the first choice.
        foreach (var item in visible.AsEnumerable().Reverse().Where(item => !string.IsNullOrEmpty(item.Text)))
        {
            var plate = new Plate(item.Text!, (double)capitals / StrokeFont.CapHeight);
            var place = plate.Place(item.Box.Clip(picture.Width, picture.Height), picture.Width, picture.Height, plates);
            plates.Add(place);
            var color = ColorOf(item.Color);
            sketch.Fill(place, color, 0.9);
            plate.Write(sketch, place, IsDark(color) ? _white : _black);
        }
        return sketch.ToImage();
    }

    static string LabelOf(DetectedObject item)
    {
        var name = StrokeFont.Plain(item.Name, out var unknown);
        // A row of empty frames says less than the number.
        if (2 * unknown > name.Length) name = string.Create(CultureInfo.InvariantCulture, $"class {item.Label}");
        return string.Create(CultureInfo.InvariantCulture, $"{name} {100 * item.Score:F0}%");
    }

    /// <summary>Draws the sides inward from a box's edge, with a dark seam that sets them off from a ground of the same color.</summary>
    static void DrawFrame(Sketch sketch, Box box, Vector3 color, double thickness, bool isDashed)
    {
        foreach (var side in Sides(box, thickness + 1)) sketch.Fill(side, _black, 0.35);
        foreach (var side in Sides(box, thickness))
            foreach (var dash in isDashed ? Dashes(side, 4 * thickness, 3 * thickness) : [side])
                sketch.Fill(dash, color);
    }

    /// <summary>Four rectangles that do not overlap.</summary>
    static IEnumerable<Box> Sides(Box box, double thickness)
    {
        var (x, y) = (Math.Min(thickness, box.Width / 2), Math.Min(thickness, box.Height / 2));
        yield return box with { Y2 = box.Y1 + y };
        yield return box with { Y1 = box.Y2 - y };
        yield return new(box.X1, box.Y1 + y, box.X1 + x, box.Y2 - y);
        yield return new(box.X2 - x, box.Y1 + y, box.X2, box.Y2 - y);
    }

    static IEnumerable<Box> Dashes(Box side, double dash, double gap)
    {
        for (var at = 0.0; at < Math.Max(side.Width, side.Height); at += dash + gap)
            yield return side.Width > side.Height
                ? side with { X1 = side.X1 + at, X2 = Math.Min(side.X2, side.X1 + at + dash) }
                : side with { Y1 = side.Y1 + at, Y2 = Math.Min(side.Y2, side.Y1 + at + dash) };
    }

    /// <summary>Returns a bright color; those of neighboring numbers are far apart, as the golden angle lies between their hues.</summary>
    static Vector3 ColorOf(int number)
    {
        var hue = (0.58 + number * 0.6180339887498949) % 1;
        return new(Component(hue), Component(hue - 1.0 / 3), Component(hue + 1.0 / 3));

        // A trapezoid over the circle of hues.
        static float Component(double hue) => (float)(0.1 + 0.85 * Math.Clamp(Math.Abs(6 * (hue - Math.Floor(hue)) - 3) - 1, 0, 1));
    }

    /// <summary>Whether white has more contrast with a color than black (WCAG 2.1, relative luminance).</summary>
    static bool IsDark(Vector3 color) => 0.2126 * Math.Pow(color.X, 2.2) + 0.7152 * Math.Pow(color.Y, 2.2) + 0.0722 * Math.Pow(color.Z, 2.2) < 0.179;
}
