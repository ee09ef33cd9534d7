using System;
using Microsoft.CodeAnalysis;

namespace ResNet.TileGenerator;

/// <summary>
/// One declared tile of a matrix product on tensor cores: what the emitter needs to know, and no compiler type. Shared memory
/// holds words of 32 bits: a TF32, or two neighbors along the depth in bfloat16. In words, both kinds of products are alike.
/// </summary>
/// <param name="Namespace">Of the class.</param>
/// <param name="Type">The class.</param>
/// <param name="Rows">Rows of the result that a thread group computes.</param>
/// <param name="Columns">Columns of the result that a thread group computes.</param>
/// <param name="WarpRows">Rows that a warp computes.</param>
/// <param name="WarpColumns">Columns that a warp computes.</param>
/// <param name="WordValues">Values in a word.</param>
readonly record struct TensorTile(string Namespace, string Type, int Rows, int Columns, int WarpRows, int WarpColumns, int WordValues)
{
    /// <summary>Rows, columns, and words along the depth of one product by a warp.</summary>
    public const int ProductRows = 16, ProductColumns = 8, ProductWords = 8;

    /// <summary>Words along the depth that lie in shared memory at a time.</summary>
    public const int Words = 16;

    /// <summary>
    /// Words from row to row of the left matrix, if those along the depth are neighbors; so that four words of each of eight
    /// rows lie in all banks.
    /// </summary>
    public const int LeftRowStride = Words + 4;

    public const int WarpSize = 32;

    public int Depth => Words * WordValues;

    public int Threads => Rows / WarpRows * (Columns / WarpColumns) * WarpSize;

    /// <summary>Words from one of the depth to the next, if neighbors are along the rows; so that eight of each of four lie in all banks.</summary>
    public int LeftWordStride => Rows + 8;

    /// <summary>The same of the right matrix.</summary>
    public int RightStride => Columns + 8;

    public int RightSize => Words * RightStride;

    /// <summary>Words of shared memory that one step of the depth takes: the right matrix, then the left, which is stored in either way.</summary>
    public int BufferSize => RightSize + Math.Max(Rows * LeftRowStride, Words * LeftWordStride);

    /// <summary>Words from row to row of the results on their way through shared memory.</summary>
    public int ResultStride => WarpColumns + 8;

    /// <summary>Words of the results that a warp sends through shared memory at once.</summary>
    public int ResultSize => ProductRows * ResultStride;

    public int SharedSize => Math.Max(2 * BufferSize, Threads / WarpSize * ResultSize);

    public int RowProducts => WarpRows / ProductRows;

    public int ColumnProducts => WarpColumns / ProductColumns;

    /// <summary>Four words at a time, the loads of a thread for a step.</summary>
    public int LeftLoads => Rows * Words / 4 / Threads;

    /// <inheritdoc cref="LeftLoads"/>
    public int RightLoads => Columns * Words / 4 / Threads;

    public static TensorTile Parse(GeneratorAttributeSyntaxContext context)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var tile = new TensorTile(
            type.ContainingNamespace.ToDisplayString(), type.Name,
            Tile.Argument(context, 0), Tile.Argument(context, 1), Tile.Argument(context, 2), Tile.Argument(context, 3), Tile.Argument(context, 4));
        tile.Check();
        return tile;
    }

    void Check()
    {
        const int sharedMemory = 48 << 10;
        foreach (var size in new[] { Rows, Columns, WarpRows, WarpColumns })
            if (size % ProductRows != 0 || (size & (size - 1)) != 0) throw new ArgumentException($"{Type}: a tile's sizes are powers of two, and 16 at least.");
        if (WordValues is not (1 or 2)) throw new ArgumentException($"{Type}: a word has one value or two.");
        if (LeftLoads * Threads * 4 != Rows * Words || RightLoads * Threads * 4 != Columns * Words)
            throw new ArgumentException($"{Type}: {Threads} threads do not share the loads evenly.");
        if (SharedSize * 4 > sharedMemory) throw new ArgumentException($"{Type}: {SharedSize * 4} bytes of shared memory are too many.");
    }
}
