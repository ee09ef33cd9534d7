using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>
/// Rows of a residual as one block of the output's channels sees them: in place, or, for a zero-padded shortcut, moved up
/// by half the additional channels, every stride-th pixel.
/// </summary>
unsafe struct ResidualRows
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly int shift;
    readonly nint stride;
    readonly nint rowStride;
    /// <summary>The block whose lanes come first, moved up by <see cref="shift"/>; null where it lies outside.</summary>
    float* upper;
    /// <summary>The block before it, whose last lanes fill the first <see cref="shift"/>; null where there is none.</summary>
    float* lower;

    public ResidualRows(in KernelEpilogue epilogue, in ActivationLayout output, int image, int block, int firstRow)
    {
        var residual = epilogue.Residual;
        (var blocks, shift) = Math.DivRem((output.Channels - residual.Layout.Channels) / 2, Lanes);
        stride = epilogue.ResidualStride;
        rowStride = stride * residual.Layout.RowStride;
        upper = Row(residual, image, block - blocks, firstRow * epilogue.ResidualStride);
        lower = shift == 0 ? null : Row(residual, image, block - blocks - 1, firstRow * epilogue.ResidualStride);
    }

    /// <summary>The row, of which every <see cref="Stride"/>-th pixel is added in place; null where its lanes are moved, or nothing is added.</summary>
    public readonly float* Unmoved => shift == 0 ? upper : null;

    public readonly nint Stride => stride;

    public readonly bool IsMoved => shift > 0 && (upper is not null || lower is not null);

    /// <summary>Where lanes are moved, those to add to the output pixel that begins with float x of its row.</summary>
    public readonly Vector512<float> Moved(nint x)
    {
        x *= stride;
        var lanes = Vector512<int>.Indices;
        var fromUpper = upper is null ? default : Vector512.Load(upper + x);
        var fromLower = lower is null ? default : Vector512.Load(lower + x);
        // Both blocks are rotated alike: the lanes that leave the lower one are those that enter the upper one.
        var leaving = Vector512.GreaterThanOrEqual(lanes, Vector512.Create(Lanes - shift)).AsSingle();
        var rotated = (lanes + Vector512.Create(Lanes - shift)) & Vector512.Create(Lanes - 1);
        return Vector512.ShuffleNative(Vector512.ConditionalSelect(leaving, fromLower, fromUpper), rotated);
    }

    /// <summary>Goes on to the next row of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        if (upper is not null) upper += rowStride;
        if (lower is not null) lower += rowStride;
    }

    static float* Row(FeatureMaps residual, int image, int block, int y) =>
        block >= 0 && block < residual.Layout.Blocks ? residual.At(image, block, y, 0) : null;
}
