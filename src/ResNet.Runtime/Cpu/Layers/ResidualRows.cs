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

    readonly int _shift;
    readonly nint _stride;
    readonly nint _rowStride;
    /// <summary>The block whose lanes come first, moved up by <see cref="_shift"/>; null where it lies outside.</summary>
    float* _upper;
    /// <summary>The block before it, whose last lanes fill the first <see cref="_shift"/>; null where there is none.</summary>
    float* _lower;

    public ResidualRows(in KernelEpilogue epilogue, in ActivationLayout output, int image, int block, int firstRow)
    {
        var residual = epilogue.Residual;
        (var blocks, _shift) = Math.DivRem((output.Channels - residual.Layout.Channels) / 2, Lanes);
        _stride = epilogue.ResidualStride;
        _rowStride = _stride * residual.Layout.RowStride;
        _upper = Row(residual, image, block - blocks, firstRow * epilogue.ResidualStride);
        _lower = _shift == 0 ? null : Row(residual, image, block - blocks - 1, firstRow * epilogue.ResidualStride);
    }

    /// <summary>The row, of which every <see cref="Stride"/>-th pixel is added in place; null where its lanes are moved, or nothing is added.</summary>
    public readonly float* Unmoved => _shift == 0 ? _upper : null;

    public readonly nint Stride => _stride;

    public readonly bool IsMoved => _shift > 0 && (_upper is not null || _lower is not null);

    /// <summary>The lanes to add to the output pixel that begins with float x of its row, if lanes are moved.</summary>
    public readonly Vector512<float> Moved(nint x)
    {
        x *= _stride;
        var lanes = Vector512<int>.Indices;
        var fromUpper = _upper is null ? default : Vector512.Load(_upper + x);
        var fromLower = _lower is null ? default : Vector512.Load(_lower + x);
        // Both blocks are rotated alike: the lanes that leave the lower one are those that enter the upper one.
        var leaving = Vector512.GreaterThanOrEqual(lanes, Vector512.Create(Lanes - _shift)).AsSingle();
        var rotated = (lanes + Vector512.Create(Lanes - _shift)) & Vector512.Create(Lanes - 1);
        return Vector512.ShuffleNative(Vector512.ConditionalSelect(leaving, fromLower, fromUpper), rotated);
    }

    /// <summary>Goes on to the next row of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        if (_upper is not null) _upper += _rowStride;
        if (_lower is not null) _lower += _rowStride;
    }

    static float* Row(FeatureMaps residual, int image, int block, int y) =>
        block >= 0 && block < residual.Layout.Blocks ? residual.At(image, block, y, 0) : null;
}
