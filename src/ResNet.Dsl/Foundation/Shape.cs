using System.Globalization;

namespace ResNet.Dsl;

/// <summary>The shape of one image's activation: channels × height × width. A vector is <c>n×1×1</c>.</summary>
/// <param name="Channels">Number of feature maps.</param>
/// <param name="Height">Rows of each map.</param>
/// <param name="Width">Columns of each map.</param>
public readonly record struct Shape(int Channels, int Height, int Width)
{
    /// <summary>Number of values per image.</summary>
    public long Elements => (long)Channels * Height * Width;

    /// <summary>Whether each feature map is a single value.</summary>
    public bool IsVector => Height == 1 && Width == 1;

    /// <summary><c>64×56×56</c>, or <c>1000</c> for a vector.</summary>
    public override string ToString() => IsVector
        ? Channels.ToString(CultureInfo.InvariantCulture)
        : string.Format(CultureInfo.InvariantCulture, "{0}×{1}×{2}", Channels, Height, Width);
}
