namespace ResNet.Runtime.Cpu;

/// <summary>A batch of images in memory that another owns.</summary>
readonly unsafe struct Activation(float* data, ActivationLayout layout)
{
    public float* Data { get; } = data;
    public ActivationLayout Layout { get; } = layout;
    public bool IsNull => Data is null;

    /// <summary>The address of a pixel's first lane.</summary>
    public float* At(int image, int block, int y, int x) => Data + Layout.Offset(image, block, y, x);

    /// <summary>Every stride-th row and column from a pixel on, in place.</summary>
    public Activation Every(int stride, int row, int column) => new(At(0, 0, row, column), Layout.Every(stride, row, column));

    /// <summary>Zeroes the halo of the given channel blocks beside rows first … end−1, and above and below where they touch an edge.</summary>
    public void ClearHalo(int image, int firstBlock, int endBlock, int firstRow, int endRow)
    {
        var halo = Layout.Halo;
        if (halo == 0 || firstRow >= endRow) return;
        var side = halo * Layout.Lanes;
        for (var block = firstBlock; block < endBlock; block++)
        {
            if (firstRow == 0)
                new Span<float>(At(image, block, -halo, -halo), (int)(halo * Layout.RowStride)).Clear();
            for (var y = firstRow; y < endRow; y++)
            {
                new Span<float>(At(image, block, y, -halo), side).Clear();
                new Span<float>(At(image, block, y, Layout.Width), side).Clear();
            }
            if (endRow == Layout.Height)
                new Span<float>(At(image, block, Layout.Height, -halo), (int)(halo * Layout.RowStride)).Clear();
        }
    }
}
