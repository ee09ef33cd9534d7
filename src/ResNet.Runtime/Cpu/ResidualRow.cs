using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Cpu;

/// <summary>
/// A row of a residual as one block of the output's channels sees it: in place, or, for a zero-padded shortcut, moved up
/// by half the additional channels, every stride-th pixel.
/// </summary>
readonly unsafe struct ResidualRow
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The block whose lanes come first, moved up by <see cref="shift"/>; null where it lies outside.</summary>
    readonly float* upper;
    /// <summary>The block before it, whose last lanes fill the first <see cref="shift"/>; null where there is none.</summary>
    readonly float* lower;
    readonly int shift;
    readonly nint pixelStride;

    public ResidualRow(in Epilogue epilogue, in ActivationLayout output, int image, int block, int y)
    {
        var residual = epilogue.Residual;
        (var blocks, shift) = Math.DivRem((output.Channels - residual.Layout.Channels) / 2, Lanes);
        pixelStride = (nint)epilogue.ResidualStride * Lanes;
        upper = Row(residual, image, block - blocks, y * epilogue.ResidualStride);
        lower = shift == 0 ? null : Row(residual, image, block - blocks - 1, y * epilogue.ResidualStride);
        Exists = upper is not null || lower is not null;
    }

    /// <summary>Whether anything is to be added.</summary>
    public bool Exists { get; }

    /// <summary>The lanes to add to output pixel x.</summary>
    public Vector512<float> this[int x]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => shift == 0 ? Vector512.Load(upper + x * pixelStride) : Shifted(x);
    }

    /// <summary>Both blocks are rotated alike: the lanes that leave the lower one are those that enter the upper one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<float> Shifted(int x)
    {
        var lanes = Vector512<int>.Indices;
        var fromUpper = upper is null ? default : Vector512.Load(upper + x * pixelStride);
        var fromLower = lower is null ? default : Vector512.Load(lower + x * pixelStride);
        var leaving = Vector512.GreaterThanOrEqual(lanes, Vector512.Create(Lanes - shift)).AsSingle();
        var rotated = (lanes + Vector512.Create(Lanes - shift)) & Vector512.Create(Lanes - 1);
        return Vector512.ShuffleNative(Vector512.ConditionalSelect(leaving, fromLower, fromUpper), rotated);
    }

    static float* Row(Activation residual, int image, int block, int y) =>
        block >= 0 && block < residual.Layout.Blocks ? residual.At(image, block, y, 0) : null;
}
