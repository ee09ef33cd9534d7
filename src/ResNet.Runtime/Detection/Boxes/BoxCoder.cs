namespace ResNet.Runtime.Detection.Boxes;

/// <summary>Turns boxes into <see cref="BoxDeltas"/> relative to others, and back.</summary>
/// <param name="Shift">
/// Weight of the shifts of the center. Its inverse is the standard deviation by which Fast R-CNN's code divides the targets.
/// </param>
/// <param name="Size">Weight of the logarithms of the sides' ratios.</param>
sealed record BoxCoder(double Shift, double Size)
{
    /// <summary>The coder of region proposal networks: deltas as they are.</summary>
    public static BoxCoder Proposals { get; } = new(1, 1);

    /// <summary>The coder of detection heads: weights 10 and 5, standard deviations 0.1 and 0.2.</summary>
    public static BoxCoder Regions { get; } = new(10, 5);

    /// <summary>
    /// The arithmetic of the papers' code (Girshick 2015; Ren et al. 2015): corners are the first and the last pixel, so that a width is
    /// X2 − X1 + 1; decoded corners are the center less and plus half a side; no growth is limited.
    /// </summary>
    public static BoxCoder Paper { get; } = new(1, 1) { Inclusive = true, GreatestLog = double.PositiveInfinity };

    /// <summary>Whether X2 and Y2 are the last pixel of a box rather than the end of it.</summary>
    public bool Inclusive { get; init; }

    /// <summary>The logarithm of a side's ratio that decoding takes at most: a large value of an untrained network would overflow. Unless said otherwise log(1000/16), as torchvision.</summary>
    public double GreatestLog { get; init; } = Math.Log(1000.0 / 16);

    double Excess => Inclusive ? 1 : 0;

    /// <summary>Tells where a box lies relative to another.</summary>
    /// <param name="box">The box to describe.</param>
    /// <param name="reference">The anchor or region that it is described from.</param>
    /// <exception cref="ArgumentException">A side of either is not positive and finite.</exception>
    public BoxDeltas Encode(Box box, Box reference)
    {
        var (x, y, width, height) = CenterOf(box);
        var (fromX, fromY, fromWidth, fromHeight) = CenterOf(reference);
        if (!IsSide(width) || !IsSide(height)) throw new ArgumentException($"{box} has no area.", nameof(box));
        if (!IsSide(fromWidth) || !IsSide(fromHeight)) throw new ArgumentException($"{reference} has no area.", nameof(reference));
        return new(
            Shift * (x - fromX) / fromWidth, Shift * (y - fromY) / fromHeight,
            Size * Math.Log(width / fromWidth), Size * Math.Log(height / fromHeight));
    }

    /// <summary>Returns the box that lies so relative to another. Where a delta is not a number, sides of the box are not.</summary>
    /// <param name="deltas">Its place and size, relative to the reference.</param>
    /// <param name="reference">The anchor or region that it is described from.</param>
    public Box Decode(BoxDeltas deltas, Box reference)
    {
        var (x, y, width, height) = CenterOf(reference);
        x += deltas.X / Shift * width;
        y += deltas.Y / Shift * height;
        width *= Math.Exp(Math.Min(deltas.Width / Size, GreatestLog));
        height *= Math.Exp(Math.Min(deltas.Height / Size, GreatestLog));
        return new(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }

    static bool IsSide(double side) => side > 0 && double.IsFinite(side);

    (double X, double Y, double Width, double Height) CenterOf(Box box)
    {
        var (width, height) = (box.Width + Excess, box.Height + Excess);
        return (box.X1 + width / 2, box.Y1 + height / 2, width, height);
    }
}
