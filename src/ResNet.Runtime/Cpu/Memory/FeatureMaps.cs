using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Memory;

/// <summary>A batch of images in memory that another owns.</summary>
readonly unsafe struct FeatureMaps(float* data, ActivationLayout layout)
{
    public float* Data { get; } = data;
    public ActivationLayout Layout { get; } = layout;
    public bool IsNull => Data is null;

    /// <summary>The address of a pixel's first lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* At(int image, int block, int y, int x) => Data + Layout.Offset(image, block, y, x);

    /// <summary>Every stride-th row and column from a pixel on, in place.</summary>
    public FeatureMaps Every(int stride, int row, int column) => new(At(0, 0, row, column), Layout.Every(stride, row, column));

    /// <summary>Zeroes one of several parts of a batch, halos included.</summary>
    public void Clear(int batch, int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(batch, part, parts);
        for (var image = first; image < end; image++) Clear(Data + image * Layout.ImageStride, Data + (image + 1) * Layout.ImageStride);
    }

    /// <summary>Zeroes the halo of the given channel blocks beside rows first … end−1, and above and below where they touch an edge.</summary>
    public void ClearHalo(int image, int firstBlock, int endBlock, int firstRow, int endRow)
    {
        if (Layout.Halo == 0 || firstRow >= endRow) return;
        for (var block = firstBlock; block < endBlock; block++)
        {
            ClearBefore(image, block, firstRow);
            var beyond = At(image, block, firstRow, Layout.Width);
            for (var y = firstRow; y < endRow; y++, beyond += Layout.RowStride) Clear(beyond, beyond + Layout.RowGap);
            ClearBehind(image, block, endRow);
        }
    }

    /// <summary>Zeroes the halo left of a row, and above it where it is the first.</summary>
    public void ClearBefore(int image, int block, int row) =>
        Clear(At(image, block, row == 0 ? -Layout.Halo : row, -Layout.Halo), At(image, block, row, 0));

    /// <summary>Zeroes the halo below the rows if there are no more, apart from the gap after the last one.</summary>
    public void ClearBehind(int image, int block, int endRow)
    {
        if (endRow == Layout.Height) Clear(At(image, block, endRow, 0), At(image, block, endRow + Layout.Halo, -Layout.Halo));
    }

    static void Clear(float* from, float* end)
    {
        for (; end - from >= Vector512<float>.Count; from += Vector512<float>.Count) Vector512<float>.Zero.Store(from);
        for (; from < end; from++) *from = 0;
    }
}
