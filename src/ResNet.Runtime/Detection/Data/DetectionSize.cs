namespace ResNet.Runtime;

/// <summary>
/// The size to which a detector resizes a picture: its shorter side has <paramref name="Shorter"/> pixels, unless its longer side would then have more
/// than <paramref name="Longer"/> (Ren et al. 2015, section 3.3; He et al. 2015, Appendix A). The defaults are the paper's.
/// </summary>
/// <param name="Shorter">Pixels of the shorter side.</param>
/// <param name="Longer">The most pixels of the longer side.</param>
public sealed record DetectionSize(int Shorter = 600, int Longer = 1000)
{
    // A square of this side is the largest image.
    const int LargestSide = 1 << 14;

    /// <summary>Pixels of the shorter side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or above 16384.</exception>
    public int Shorter { get; init => field = Checked(value, nameof(Shorter)); } = Checked(Shorter, nameof(Shorter));

    /// <summary>The most pixels of the longer side. Where it is below <see cref="Shorter"/>, it alone decides.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or above 16384.</exception>
    public int Longer { get; init => field = Checked(value, nameof(Longer)); } = Checked(Longer, nameof(Longer));

    /// <summary>The size that every picture gets, independent of its shape; null to keep the shape.</summary>
    (int Width, int Height)? Exact { get; init; }

    /// <summary>Every picture gets one size, and is stretched if it has another shape.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or above 16384.</exception>
    public static DetectionSize Exactly(int width, int height) =>
        new(Math.Min(width, height), Math.Max(width, height)) { Exact = (Checked(width, nameof(width)), Checked(height, nameof(height))) };

    /// <summary>Returns the size that a picture is resized to, at least a pixel on each side.</summary>
    /// <param name="width">The picture's columns.</param>
    /// <param name="height">The picture's rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    public (int Width, int Height) SizeOf(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (Exact is { } exact) return exact;
        var scale = Math.Min((double)Shorter / Math.Min(width, height), (double)Longer / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    static int Checked(int value, string name) =>
        value is >= 1 and <= LargestSide ? value : throw new ArgumentOutOfRangeException(name, value, $"A side has 1 to {LargestSide} pixels.");
}
