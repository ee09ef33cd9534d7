using System.Globalization;

namespace ResNet.Runtime;

/// <summary>An object that a detector has found in an image.</summary>
/// <param name="Label">Index of its class, counted from 0; the background is none.</param>
/// <param name="Name">Name of its class.</param>
/// <param name="Score">Probability that it is of that class, from 0 to 1.</param>
/// <param name="Box">The place, in pixels of the image.</param>
public readonly record struct DetectedObject(int Label, string Name, double Score, Box Box)
{
    /// <summary><c>97.3 %  dog  12,30 – 210,199</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Score * 100,5:F1} %  {Name}  {Box.X1:F0},{Box.Y1:F0} – {Box.X2:F0},{Box.Y2:F0}");
}
