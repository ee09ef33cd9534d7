using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu.Memory;

/// <summary>
/// Where the floats of a batch of images lie. Channels stand in blocks of <see cref="Lanes"/>; a block is a plane of
/// rows of pixels, surrounded by <see cref="Halo"/> pixels of zeros, so that convolutions with padding need no edge code.
/// </summary>
/// <remarks>
/// The lanes beyond <see cref="Channels"/> in the last block always hold zeros. Memory is shared by values of different
/// layouts, therefore what writes an activation writes its halo too.
/// </remarks>
readonly record struct ActivationLayout
{
    /// <summary>Channels in a block: NCHW16c.</summary>
    public const int BlockLanes = 16;

    /// <summary>Planes a multiple of 4 KB apart would compete for the same few lines of the first-level cache.</summary>
    const int ConflictingFloats = 1024;

    ActivationLayout(int channels, int height, int width, int halo, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(halo);
        (Channels, Height, Width, Halo, Lanes) = (channels, height, width, halo, lanes);
        Blocks = (channels + lanes - 1) / lanes;
        PixelStride = lanes;
        RowStride = checked((width + 2 * halo) * lanes);
        var plane = checked((height + 2 * halo) * (long)RowStride);
        PlaneStride = checked((nint)(plane % ConflictingFloats == 0 && Blocks > 1 ? plane + BlockLanes : plane));
        // Images start on cache lines.
        ImageStride = checked((PlaneStride * Blocks + BlockLanes - 1) / BlockLanes * BlockLanes);
    }

    /// <summary>NCHW16c, the layout of everything between a network's first and last layer.</summary>
    public static ActivationLayout Blocked(int channels, int height, int width, int halo = 0) =>
        new(channels, height, width, halo, BlockLanes);

    /// <summary>All channels of a pixel together and none beyond (NHWC): for images, whose few channels would waste a block.</summary>
    public static ActivationLayout Compact(int channels, int height, int width, int halo = 0) =>
        new(channels, height, width, halo, channels);

    public int Channels { get; }
    public int Height { get; private init; }
    public int Width { get; private init; }
    public int Halo { get; private init; }
    public int Lanes { get; }
    public int Blocks { get; }

    /// <summary>Floats from a pixel to the next.</summary>
    public nint PixelStride { get; private init; }

    /// <summary>Floats from a row to the next.</summary>
    public nint RowStride { get; private init; }

    /// <summary>Floats between the last pixel of a row and the first of the next: the halo right of one and left of the other.</summary>
    public nint RowGap => 2 * Halo * Lanes;

    /// <summary>Floats from a block of channels to the next.</summary>
    public nint PlaneStride { get; }

    /// <summary>Floats from an image to the next.</summary>
    public nint ImageStride { get; }

    /// <summary>Pixels and rows follow each other without a gap, as one long row.</summary>
    public bool IsFlat => RowStride == (nint)Width * Lanes;

    /// <summary>Every stride-th row and column from a pixel on, in place: what writes to it leaves the others and the halo alone.</summary>
    public ActivationLayout Every(int stride, int row, int column) => this with
    {
        Height = (Height - row + stride - 1) / stride,
        Width = (Width - column + stride - 1) / stride,
        Halo = 0,
        PixelStride = PixelStride * stride,
        RowStride = RowStride * stride,
    };

    public long SizeInFloats(int batch) => checked((long)ImageStride * batch);

    /// <summary>The offset of a pixel's first lane; −Halo ≤ y &lt; Height + Halo, x likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Offset(int image, int block, int y, int x) =>
        image * ImageStride + block * PlaneStride + (y + Halo) * RowStride + (x + Halo) * PixelStride;

    /// <summary>Whether two values have the same channels and the same size, wherever they lie.</summary>
    public bool HasShapeOf(in ActivationLayout other) =>
        Channels == other.Channels && Height == other.Height && Width == other.Width;

    public override string ToString() =>
        $"{Channels}×{Height}×{Width}{(Halo > 0 ? $" halo {Halo}" : "")}{(Lanes == BlockLanes ? "" : " compact")}";
}
