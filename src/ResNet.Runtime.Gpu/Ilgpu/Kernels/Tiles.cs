
namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// Marks a class whose kernel ResNet.TileGenerator writes at build time: the part of a matrix product that a thread group
/// computes, each thread <paramref name="threadRows"/> × <paramref name="threadColumns"/> sums in registers.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
#pragma warning disable CS9113 // The arguments are read by the generator, from the source.
sealed class GemmTileAttribute(int rows, int columns, int depth, int threadRows, int threadColumns, bool unrolled) : Attribute;

/// <summary>
/// The same on CUDA's tensor cores: each warp computes <paramref name="warpRows"/> × <paramref name="warpColumns"/> sums. A word
/// of 32 bits holds one value as TF32, or two as bfloat16.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class TensorTileAttribute(int rows, int columns, int warpRows, int warpColumns, int wordValues) : Attribute;
#pragma warning restore CS9113

/// <summary>A kernel that computes matrix products tile by tile.</summary>
abstract class Tile(int rows, int columns, int depth, int threads)
{
    public int Rows => rows;

    public int Columns => columns;

    /// <summary>The part of the depth that a thread group takes at a time.</summary>
    public int Depth => depth;

    public int Threads => threads;

    /// <summary>The kernel for a kind of product.</summary>
    public abstract Action<T> Kernel<T>() where T : struct, IMatrixProduct;
}

// Straight code for CUDA, whose compiler schedules it best; OpenCL's do better with the loop.
[GemmTile(128, 128, 16, 8, 8, unrolled: true)] sealed partial class Unrolled128x128;
[GemmTile(128, 64, 16, 8, 4, unrolled: true)] sealed partial class Unrolled128x64;
[GemmTile(64, 64, 16, 4, 4, unrolled: true)] sealed partial class Unrolled64x64;
[GemmTile(64, 16, 16, 4, 4, unrolled: true)] sealed partial class Unrolled64x16;
[GemmTile(64, 64, 16, 4, 4, unrolled: false)] sealed partial class Rolled64x64;
[GemmTile(64, 16, 16, 4, 4, unrolled: false)] sealed partial class Rolled64x16;
[GemmTile(8, 8, 4, 4, 4, unrolled: false)] sealed partial class Rolled8x8;

[TensorTile(128, 128, 64, 32, wordValues: 1)] sealed partial class TensorFloat128x128;
[TensorTile(128, 64, 64, 32, wordValues: 1)] sealed partial class TensorFloat128x64;
[TensorTile(64, 64, 32, 32, wordValues: 1)] sealed partial class TensorFloat64x64;
[TensorTile(64, 16, 32, 16, wordValues: 1)] sealed partial class TensorFloat64x16;
[TensorTile(128, 128, 64, 32, wordValues: 2)] sealed partial class BFloat128x128;
[TensorTile(128, 64, 64, 32, wordValues: 2)] sealed partial class BFloat128x64;
[TensorTile(64, 64, 32, 32, wordValues: 2)] sealed partial class BFloat64x64;
[TensorTile(64, 16, 32, 16, wordValues: 2)] sealed partial class BFloat64x16;

/// <summary>The tiles that suit a device.</summary>
sealed class TileSet(params Tile[] tiles)
{
    public static TileSet Rolled { get; } = new(new Rolled64x64(), new Rolled64x16());

    /// <summary>For ILGPU's CPU accelerator, which takes a thread of the operating system for each of a group.</summary>
    public static TileSet Tiny { get; } = new(new Rolled8x8());

    public IReadOnlyList<Tile> Tiles => tiles;

    /// <summary>For CUDA.</summary>
    public static IReadOnlyDictionary<Precision, TileSet> Cuda { get; } = new Dictionary<Precision, TileSet>
    {
        [Precision.Single] = new(new Unrolled128x128(), new Unrolled128x64(), new Unrolled64x64(), new Unrolled64x16()),
        [Precision.TensorFloat32] = new(new TensorFloat128x128(), new TensorFloat128x64(), new TensorFloat64x64(), new TensorFloat64x16()),
        [Precision.BFloat16] = new(new BFloat128x128(), new BFloat128x64(), new BFloat64x64(), new BFloat64x16()),
    };

    /// <summary>
    /// The tile whose groups finish first: each works as long as its tile is large, and a device runs as many at a time as it
    /// has multiprocessors. Large tiles are worth more, since a value that they load is used more often.
    /// </summary>
    public Tile For(long rows, int columns, int slices, int multiprocessors) => tiles.MinBy(tile =>
    {
        var groups = (rows + tile.Rows - 1) / tile.Rows * ((columns + tile.Columns - 1) / tile.Columns) * slices;
        var rounds = (groups + multiprocessors - 1) / multiprocessors;
        return rounds * ((double)tile.Rows * tile.Columns + 16 * (tile.Rows + tile.Columns));
    })!;
}
