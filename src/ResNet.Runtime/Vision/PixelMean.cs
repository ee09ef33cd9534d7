using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ResNet.Runtime;

/// <summary>
/// The mean of each pixel over a training set, to be subtracted from every image (He et al. 2015, section 4.2; Krizhevsky et al.
/// 2012, section 2).
/// </summary>
public sealed class PixelMean
{
    readonly float[] _values;

    /// <summary>Takes means that are known.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="values">3 × height × width means from 0 to 1, which are copied.</param>
    /// <exception cref="ArgumentException">There are more or fewer values, or one is not finite.</exception>
    public PixelMean(int height, int width, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (values.Length != 3L * height * width)
            throw new ArgumentException($"Means of 3×{height}×{width} values are needed; found {values.Length}.", nameof(values));
        foreach (var value in values)
            if (!float.IsFinite(value)) throw new ArgumentException($"A mean is {value}; expected a finite number.", nameof(values));
        (Height, Width, _values) = (height, width, values.ToArray());
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>3 × <see cref="Height"/> × <see cref="Width"/> means from 0 to 1, in channel, row, column order.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Size and a hash of the values.</summary>
    public override string ToString() =>
        $"3×{Height}×{Width} {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Values)).AsSpan(0, 8))}";
}
