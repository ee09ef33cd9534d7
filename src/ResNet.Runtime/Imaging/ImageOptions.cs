namespace ResNet.Runtime;

/// <summary>The limits that loading an image keeps, for programs that load what others give them.</summary>
public sealed record ImageOptions
{
    /// <summary>Images of more pixels than this are refused before they are decoded: 1 to <see cref="Image.MaxPixels"/>; 178,956,970 by default, above which Pillow refuses, too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxPixels));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Image.MaxPixels, nameof(MaxPixels));
            field = value;
        }
    } = 178_956_970;

    /// <summary>Files and streams longer than this are refused; by default 1 GiB, which a photo of <see cref="Image.MaxPixels"/> does not reach in any format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxBytes));
            field = value;
        }
    } = 1 << 30;

    internal static ImageOptions Default { get; } = new();
}
