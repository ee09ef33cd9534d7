namespace ResNet.Runtime;

/// <summary>
/// A rectangle in pixels, sides continuous: a box that covers the first pixel of a row ends at 1, not at 0. Its width is X2 − X1.
/// </summary>
/// <param name="X1">Left side.</param>
/// <param name="Y1">Upper side.</param>
/// <param name="X2">Right side.</param>
/// <param name="Y2">Lower side.</param>
public readonly record struct Box(double X1, double Y1, double X2, double Y2)
{
    /// <summary>Pixels from the left to the right side; negative where the sides are exchanged.</summary>
    public double Width => X2 - X1;

    /// <summary>Pixels from the upper to the lower side; negative where the sides are exchanged.</summary>
    public double Height => Y2 - Y1;

    /// <summary>Square pixels; 0 where sides are exchanged.</summary>
    public double Area => Math.Max(Width, 0) * Math.Max(Height, 0);

    /// <summary>The part of the box within an image.</summary>
    /// <param name="width">Columns of the image.</param>
    /// <param name="height">Rows of the image.</param>
    public Box Clip(double width, double height) =>
        new(Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height), Math.Clamp(X2, 0, width), Math.Clamp(Y2, 0, height));

    /// <summary>The box in an image whose sides are multiplied.</summary>
    /// <param name="x">Factor of the columns.</param>
    /// <param name="y">Factor of the rows.</param>
    public Box Scale(double x, double y) => new(X1 * x, Y1 * y, X2 * x, Y2 * y);

    /// <summary>The box in an image whose columns run the other way.</summary>
    /// <param name="imageWidth">Columns of the image.</param>
    public Box Flip(double imageWidth) => new(imageWidth - X2, Y1, imageWidth - X1, Y2);

    /// <summary>Square pixels that two boxes share.</summary>
    /// <param name="other">The other box.</param>
    public double Intersection(Box other) =>
        new Box(Math.Max(X1, other.X1), Math.Max(Y1, other.Y1), Math.Min(X2, other.X2), Math.Min(Y2, other.Y2)).Area;

    /// <summary>Intersection over union of two boxes, from 0 to 1; 0 where neither has an area.</summary>
    /// <param name="other">The other box.</param>
    public double Overlap(Box other)
    {
        var intersection = Intersection(other);
        var union = Area + other.Area - intersection;
        return union > 0 ? intersection / union : 0;
    }
}
