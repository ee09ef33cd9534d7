using System;
using Microsoft.CodeAnalysis;

namespace ResNet.TileGenerator;

/// <summary>One declared tile of a matrix product on a GPU: what the emitter needs to know, and no compiler type.</summary>
/// <param name="Namespace">Of the class.</param>
/// <param name="Type">The class.</param>
/// <param name="Rows">Rows of the result that a thread group computes.</param>
/// <param name="Columns">Columns of the result that a thread group computes.</param>
/// <param name="Depth">The part of the depth that lies in shared memory at a time.</param>
/// <param name="ThreadRows">Rows that a thread computes.</param>
/// <param name="ThreadColumns">Columns that a thread computes.</param>
/// <param name="Unrolled">Whether the loop over the depth in shared memory is unrolled.</param>
readonly record struct GemmTile(string Namespace, string Type, int Rows, int Columns, int Depth, int ThreadRows, int ThreadColumns, bool Unrolled)
{
    public int ThreadsPerRow => Columns / ThreadColumns;

    public int Threads => Rows / ThreadRows * ThreadsPerRow;

    /// <summary>A row of the left matrix in shared memory is longer, so that threads that store to a column meet other banks.</summary>
    public int LeftStride => Rows + 4;

    public static GemmTile Parse(GeneratorAttributeSyntaxContext context)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var tile = new GemmTile(
            type.ContainingNamespace.ToDisplayString(), type.Name,
            Tile.Argument(context, 0), Tile.Argument(context, 1), Tile.Argument(context, 2), Tile.Argument(context, 3), Tile.Argument(context, 4),
            context.Attributes[0].ConstructorArguments[5].Value is true);
        tile.Check();
        return tile;
    }

    void Check()
    {
        foreach (var size in new[] { Rows, Columns, Depth, ThreadRows, ThreadColumns })
            if (size % 4 != 0 || (size & (size - 1)) != 0) throw new ArgumentException($"{Type}: a tile's sizes are powers of two, and four at least.");
        if (Rows * Depth / 4 % Threads != 0 || Columns * Depth / 4 % Threads != 0)
            throw new ArgumentException($"{Type}: {Threads} threads do not share the loads evenly.");
    }
}
