using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Convolutions.Tiles;

/// <summary>
/// Marks a partial method <c>static void M(WeightGradientCall* call)</c> whose body ResNet.TileGenerator writes at build
/// time: the products of <paramref name="inputs"/> input channels with 16·<paramref name="blocks"/> output channels in vectors of <paramref name="bits"/> bits.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
#pragma warning disable CS9113 // The arguments are read by the generator, from the source.
sealed class WeightGradientTileAttribute(int bits, int inputs, int blocks) : Attribute;
#pragma warning restore CS9113

/// <summary>
/// The arguments of a weight gradient kernel: <c>sums[i][o] = Σ input[i] · gradient[o]</c> over the pixels of rows of
/// images, or as much more than the sums were. Strides are in floats.
/// </summary>
unsafe struct WeightGradientCall
{
    /// <summary>The first input channel of the pixel that meets the first one of <see cref="Gradient"/>.</summary>
    public float* Input;
    /// <summary>The first block of output channels.</summary>
    public float* Gradient;
    /// <summary>Of each block of output channels: [input channel][16 output channels].</summary>
    public float* Sums;
    public nint InputPixelStride;
    public nint InputRowStride;
    public nint InputImageStride;
    public nint GradientPixelStride;
    public nint GradientRowStride;
    public nint GradientImageStride;
    /// <summary>From a block of output channels to the next; unused by kernels of one.</summary>
    public nint GradientBlockStride;
    /// <summary>From the sums of a block of output channels to those of the next.</summary>
    public nint SumsBlockStride;
    /// <summary>From a pixel's input to the one that a later call reads, which is brought into the first-level cache meanwhile.</summary>
    public nint NextInputOffset;
    /// <summary>The same of the gradient.</summary>
    public nint NextGradientOffset;
    public int Pixels;
    public int Rows;
    public int Images;
    /// <summary>Whether to add to the sums that stand there.</summary>
    public bool Accumulate;
}

/// <summary>
/// The kernels, named by input channels × 16-channel blocks. The wider of AVX-512 loads ten times for sixteen products, the
/// other one serves a last block by itself; AVX2 holds 6 × 16 sums in registers, and needs more than 4 × 16 for a product to begin before the
/// one before it ends; the portable one suits the 32 registers of ARM64.
/// </summary>
static unsafe partial class WeightGradientTiles
{
    [WeightGradientTile(512, 8, 2)] internal static partial void Vector512_8x2(WeightGradientCall* call);
    [WeightGradientTile(512, 16, 1)] internal static partial void Vector512_16x1(WeightGradientCall* call);
    [WeightGradientTile(256, 6, 1)] internal static partial void Vector256_6x1(WeightGradientCall* call);
    [WeightGradientTile(256, 5, 1)] internal static partial void Vector256_5x1(WeightGradientCall* call);
    [WeightGradientTile(256, 4, 1)] internal static partial void Vector256_4x1(WeightGradientCall* call);
    [WeightGradientTile(128, 4, 1)] internal static partial void Vector128_4x1(WeightGradientCall* call);
}

/// <summary>A kernel and its shape.</summary>
readonly unsafe struct WeightGradientTile(delegate*<WeightGradientCall*, void> kernel, int inputs)
{
    public delegate*<WeightGradientCall*, void> Kernel { get; } = kernel;
    /// <summary>Input channels.</summary>
    public int Inputs { get; } = inputs;
}

/// <summary>The kernels of one instruction set.</summary>
sealed unsafe class WeightGradientKernel
{
    readonly WeightGradientTile[][][] _covers;
    readonly int _lanes;

    /// <param name="bits">Of a vector.</param>
    /// <param name="tiles">Those of one block of output channels, of two, and so on.</param>
    WeightGradientKernel(int bits, params WeightGradientTile[][] tiles) =>
        (_lanes, _covers) = (bits / 32, [.. tiles.Select(kernels => Enumerable.Range(0, ActivationLayout.BlockLanes + 1).Select(used => Cover(kernels, used)).ToArray())]);

    public static WeightGradientKernel Vector512Kernel { get; } = new(512, [new(&WeightGradientTiles.Vector512_16x1, 16)], [new(&WeightGradientTiles.Vector512_8x2, 8)]);
    public static WeightGradientKernel Vector256Kernel { get; } =
        new(256, [[new(&WeightGradientTiles.Vector256_6x1, 6), new(&WeightGradientTiles.Vector256_5x1, 5), new(&WeightGradientTiles.Vector256_4x1, 4)]]);
    public static WeightGradientKernel Vector128Kernel { get; } = new(128, [[new(&WeightGradientTiles.Vector128_4x1, 4)]]);

    /// <summary>The widest that this processor runs in hardware.</summary>
    public static WeightGradientKernel Best { get; } = Of(TileSet.Best);

    /// <summary>The one that goes with the tiles of an instruction set.</summary>
    public static WeightGradientKernel Of(TileSet tiles) =>
        tiles == TileSet.Vector512Set ? Vector512Kernel : tiles == TileSet.Vector256Set ? Vector256Kernel : Vector128Kernel;

    /// <summary>Multiply-adds in a processor cycle.</summary>
    public double ProductsPerCycle => 2 * _lanes;

    /// <summary>The largest number of output blocks that a call may have.</summary>
    public int MaxBlocks => _covers.Length;

    /// <summary>Adds the products of 16 neighboring input channels, of which the first <paramref name="used"/> count, with some blocks of output channels.</summary>
    public void Run(WeightGradientCall* call, int used, int blocks)
    {
        foreach (ref readonly var tile in _covers[blocks - 1][used].AsSpan())
        {
            tile.Kernel(call);
            call->Input += tile.Inputs;
            call->Sums += tile.Inputs * ActivationLayout.BlockLanes;
        }
    }

    /// <summary>The fewest tiles that cover some input channels, of those the ones that compute fewest beside them; never beyond a block.</summary>
    static WeightGradientTile[] Cover(WeightGradientTile[] tiles, int used)
    {
        if (used <= 0) return [];
        return tiles
            .Select(tile => (WeightGradientTile[])[tile, .. Cover(tiles, used - tile.Inputs)])
            .Where(cover => Inputs(cover) <= ActivationLayout.BlockLanes)
            .OrderBy(cover => cover.Length).ThenBy(Inputs)
            .First();

        static int Inputs(WeightGradientTile[] cover) => cover.Sum(tile => tile.Inputs);
    }
}
