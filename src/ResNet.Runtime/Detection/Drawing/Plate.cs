using System.Numerics;

namespace ResNet.Runtime.Detection.Drawing;

/// <summary>A line of text on a ground of its own.</summary>
sealed class Plate
{
    readonly string _text;
    readonly double _scale, _margin;

    /// <param name="text">The text.</param>
    /// <param name="scale">Pixels per row of the font.</param>
    public Plate(string text, double scale)
    {
        (_text, _scale) = (StrokeFont.Plain(text, out _), scale);
        _margin = Math.Round(4 * scale);
        (Width, Height) = (Math.Ceiling(StrokeFont.Width(_text) * scale + 2 * _margin), Math.Ceiling((StrokeFont.CapHeight + StrokeFont.Descent) * scale) + _margin);
    }

    double Width { get; }

    double Height { get; }

    /// <summary>
    /// Finds a place: above a box, or else within it, below it, or at its lower edge; the first that is within the picture and covers no other plate, or
    /// else the first within the picture.
    /// </summary>
    public Box Place(Box box, int width, int height, IReadOnlyList<Box> taken)
    {
        var left = Math.Round(Math.Max(0, Math.Min(box.X1, width - Width)));
        Box[] places = [.. ((double[])[box.Y1 - Height, box.Y1, box.Y2, box.Y2 - Height]).Select(top => Math.Round(top))
            .Where(top => top >= 0 && top + Height <= height).Append(0).Select(top => new Box(left, top, left + Width, top + Height))];
        return places.Cast<Box?>().FirstOrDefault(place => !taken.Any(other => other.Intersection(place!.Value) > 0)) ?? places[0];
    }

    /// <summary>Writes the text into its place.</summary>
    public void Write(Sketch sketch, Box place, Vector3 color)
    {
        // The pen's middle on the middle of a pixel: a line of one pixel is sharp.
        var (left, top) = (place.X1 + _margin + 0.5, place.Y1 + _margin + 0.5);
        foreach (var glyph in StrokeFont.Layout(_text))
            sketch.Stroke(Array.ConvertAll(glyph, line => Array.ConvertAll(line, point => (left + _scale * point.X, top + _scale * point.Y))), Math.Max(1.2, 1.6 * _scale), color);
    }
}
