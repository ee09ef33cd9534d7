namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// A product of matrices that stand in memory only implicitly. The tile kernels ask it for four values at a time, zeros
/// beyond the edges, and hand it the results. The z-th slice of the grid is a group of a convolution, or a part of the depth.
/// </summary>
interface IMatrixProduct
{
    /// <summary>Whether <see cref="Left"/> yields neighbors along the depth; else along the rows.</summary>
    static abstract bool LeftAlongDepth { get; }

    /// <summary>The start of the slice's depth.</summary>
    int FirstDepth(int slice);

    /// <summary>The end of the slice's depth.</summary>
    int EndDepth(int slice);

    /// <summary>The data of a row of the left matrix that are known before the loop over the depth.</summary>
    Position Row(int slice, int row);

    /// <summary>The data of a place along the depth that are the same for all rows.</summary>
    Position Place(int depth);

    /// <summary>Four values of the left matrix.</summary>
    Float4 Left(Position row, Position place);

    /// <summary>Four neighboring columns of the right matrix.</summary>
    Float4 Right(int slice, int depth, int column);

    /// <summary>The destination of the results of a row.</summary>
    Position Target(int slice, int row);

    /// <summary>Takes the results of four neighboring columns.</summary>
    void Store(int slice, Position target, int column, Float4 value);
}

/// <summary>A pixel, or another place from which others are reached.</summary>
struct Position
{
    /// <summary>Offset of the first value in memory; negative where there is nothing.</summary>
    public int Offset;

    public int Image, Y, X;
}
