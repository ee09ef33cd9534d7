using System.Numerics;

namespace ResNet.Runtime.Data.Shapes;

/// <summary>A square of colors, each component from 0 to 1, to draw on.</summary>
sealed class Canvas(int side)
{
    readonly Vector3[] _colors = new Vector3[side * side];

    /// <summary>Sets each pixel from the position of its center.</summary>
    public void Fill(Func<double, double, Vector3> colorAt)
    {
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                _colors[y * side + x] = colorAt(x + 0.5, y + 0.5);
    }

    /// <summary>Paints a form; its edge is blended over one pixel.</summary>
    /// <param name="distance">Distance in pixels from a point to the form's edge, negative inside.</param>
    /// <param name="color">The paint.</param>
    public void Paint(Func<double, double, double> distance, Vector3 color) => Paint(distance, color, (0, 0, side, side));

    /// <summary>Paints a form of which it is known where it lies.</summary>
    /// <param name="distance">Distance in pixels from a point to the form's edge, negative inside.</param>
    /// <param name="color">The paint.</param>
    /// <param name="within">The first columns and rows of the form, with its blended edge, and those after its last; cut to the canvas.</param>
    public void Paint(Func<double, double, double> distance, Vector3 color, (int Left, int Top, int Right, int Bottom) within)
    {
        for (var y = Math.Max(0, within.Top); y < Math.Min(side, within.Bottom); y++)
            for (var x = Math.Max(0, within.Left); x < Math.Min(side, within.Right); x++)
            {
                var coverage = (float)Math.Clamp(0.5 - distance(x + 0.5, y + 0.5), 0, 1);
                ref var pixel = ref _colors[y * side + x];
                pixel += coverage * (color - pixel);
            }
    }

    public Image ToImage()
    {
        var pixels = new byte[3 * _colors.Length];
        for (var i = 0; i < _colors.Length; i++)
            for (var channel = 0; channel < 3; channel++)
                pixels[3 * i + channel] = (byte)Math.Round(255 * Math.Clamp(_colors[i][channel], 0, 1));
        return Image.FromRgb(side, side, pixels);
    }
}
