namespace ResNet.Runtime.Detection.Boxes;

/// <summary>
/// Where a box lies relative to another, as a network learns it (Girshick et al. 2014, appendix C): shifts of the center in sides of the other box,
/// and logarithms of the ratios of the sides, all multiplied by the weights of a <see cref="BoxCoder"/>.
/// </summary>
/// <param name="X">Shift to the right, in widths.</param>
/// <param name="Y">Shift downwards, in heights.</param>
/// <param name="Width">Logarithm of the ratio of the widths.</param>
/// <param name="Height">Logarithm of the ratio of the heights.</param>
readonly record struct BoxDeltas(double X, double Y, double Width, double Height)
{
    /// <summary>Number of values.</summary>
    public const int Count = 4;

    /// <summary>The values in the order of a network's channels.</summary>
    public double this[int index] => index switch
    {
        0 => X,
        1 => Y,
        2 => Width,
        3 => Height,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>Four successive values of a network's output.</summary>
    public static BoxDeltas Of(ReadOnlySpan<float> values) => new(values[0], values[1], values[2], values[3]);
}
