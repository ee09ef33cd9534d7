using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using static ResNet.Runtime.Cpu.Convolutions.Tiles.ConvolutionTiles;

namespace ResNet.Runtime.Cpu.Convolutions.Tiles;

/// <summary>A tile kernel and its price.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="pixels">Pixels it computes.</param>
/// <param name="blocks">16-channel blocks it computes of each.</param>
/// <param name="cycles">Processor cycles for one input channel of one tap.</param>
readonly unsafe struct ConvolutionTile(delegate*<TileCall*, void> kernel, int pixels, int blocks, double cycles)
{
    public delegate*<TileCall*, void> Kernel { get; } = kernel;
    public int Pixels { get; } = pixels;
    public int Blocks { get; } = blocks;
    public double Cycles { get; } = cycles;

    /// <summary>Computes the first <paramref name="pixels"/> pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(TileCall* call, float* from, float* to, float* add, int pixels)
    {
        call->Input = from;
        call->Output = to;
        call->Residual = add;
        call->Pixels = pixels;
        Kernel(call);
        call->NextPanel += call->NextPanelStride * call->Blocks * call->Rows * call->Taps * call->Depth;
    }
}

/// <summary>The tiles of one instruction set.</summary>
sealed unsafe class TileSet
{
    readonly ConvolutionTile[] _tiles, _products, _grouped;
    readonly int _bits;

    TileSet(int bits)
    {
        this._bits = bits;
        _tiles = bits switch
        {
            512 =>
            [
                Tile(&Vector512_14x2, 14, 2), Tile(&Vector512_8x2, 8, 2), Tile(&Vector512_7x2, 7, 2), Tile(&Vector512_4x2, 4, 2), Tile(&Vector512_1x2, 1, 2),
                Tile(&Vector512_16x1, 16, 1), Tile(&Vector512_14x1, 14, 1), Tile(&Vector512_8x1, 8, 1), Tile(&Vector512_1x1, 1, 1),
            ],
            256 => [Tile(&Vector256_6x1, 6, 1), Tile(&Vector256_4x1, 4, 1), Tile(&Vector256_1x1, 1, 1)],
            _ => [Tile(&Vector128_6x1, 6, 1), Tile(&Vector128_4x1, 4, 1), Tile(&Vector128_1x1, 1, 1)],
        };
        _products = bits switch
        {
            512 =>
            [
                Tile(&Product512_14x2, 14, 2), Tile(&Product512_8x2, 8, 2), Tile(&Product512_4x2, 4, 2), Tile(&Product512_1x2, 1, 2),
                Tile(&Product512_16x1, 16, 1), Tile(&Product512_8x1, 8, 1), Tile(&Product512_1x1, 1, 1),
            ],
            256 => [Tile(&Product256_6x1, 6, 1), Tile(&Product256_4x1, 4, 1), Tile(&Product256_1x1, 1, 1)],
            _ => [Tile(&Product128_6x1, 6, 1), Tile(&Product128_4x1, 4, 1), Tile(&Product128_1x1, 1, 1)],
        };
        _grouped = bits switch
        {
            512 => [Grouped(&Vector512_14Grouped, 14), Grouped(&Vector512_8Grouped, 8), Grouped(&Vector512_1Grouped, 1)],
            256 => [Grouped(&Vector256_6Grouped, 6), Grouped(&Vector256_1Grouped, 1)],
            _ => [Grouped(&Vector128_4Grouped, 4), Grouped(&Vector128_1Grouped, 1)],
        };
        MaxBlocks = _tiles.Max(tile => tile.Blocks);
    }

    public static TileSet Vector512Set { get; } = new(512);
    public static TileSet Vector256Set { get; } = new(256);
    public static TileSet Vector128Set { get; } = new(128);

    /// <summary>The widest that this processor runs in hardware.</summary>
    public static TileSet Best { get; } =
        Vector512.IsHardwareAccelerated ? Vector512Set : Vector256.IsHardwareAccelerated ? Vector256Set : Vector128Set;

    /// <summary>The largest number of 16-channel blocks in a tile.</summary>
    public int MaxBlocks { get; }

    /// <summary>
    /// Whether it pays to gather the input of strided 1×1 kernels. Measured with AVX2 on a second-level cache of 512 KB, and not with
    /// AVX-512 on one of 1 MB.
    /// </summary>
    public bool GathersStrided => _bits < 512;

    /// <summary>
    /// Bytes of weights, which come from memory once for a batch, that count as a cycle. A constant of the instruction set and not
    /// of the machine: the choice of an algorithm decides bits, and the same network has the same bits in every run. Processors with
    /// AVX2 alone were measured to wait for their memory more (6 bytes a cycle with one thread, part of them beside the products).
    /// </summary>
    public double WeightBytesPerCycle => _bits < 512 ? 8 : WorkSplit.BytesPerCycle;

    /// <summary>The tiles of a number of blocks whose kernels read no further beyond their last pixel than memory goes.</summary>
    /// <param name="blocks">16-channel blocks.</param>
    /// <param name="pixelStride">Floats between the inputs of two pixels.</param>
    public ConvolutionTile[] Tiles(int blocks, nint pixelStride) =>
        [.. _tiles.Where(tile => tile.Blocks == blocks && (tile.Pixels - 1) * pixelStride <= NativeBuffer.Slack)];

    /// <summary>The tiles of a number of blocks for matrix products: neither bias nor residual nor floor.</summary>
    public ConvolutionTile[] Products(int blocks) => [.. _products.Where(tile => tile.Blocks == blocks)];

    /// <summary>The tiles of groups of as many channels, which compute no products of different groups; none where a vector cannot hold them.</summary>
    /// <param name="channels">Input and output channels of a group.</param>
    /// <param name="pixelStride">Floats between the inputs of two pixels.</param>
    public ConvolutionTile[] GroupedTiles(int channels, nint pixelStride) => channels >= ActivationLayout.BlockLanes || !BitOperations.IsPow2(channels) || channels > _bits / 32
        ? []
        : [.. _grouped.Where(tile => (tile.Pixels - 1) * pixelStride <= NativeBuffer.Slack)];

    public override string ToString() => $"Vector{_bits}";

    /// <summary>
    /// Two products and two loads a cycle; a sum is ready for its next product after four. The weights of a deep convolution come from
    /// the second-level cache each time, with AVX2's processors a line in six cycles, as measured: few pixels take as long as six.
    /// </summary>
    ConvolutionTile Tile(delegate*<TileCall*, void> kernel, int pixels, int blocks)
    {
        const double perCall = 0.25;
        double latency = _bits < 512 ? 6 : 4;
        var vectors = blocks * ActivationLayout.BlockLanes * 32 / _bits;
        var products = pixels * vectors / 2.0;
        var loads = (pixels + vectors) / 2.0;
        return new(kernel, pixels, blocks, Math.Max(latency, Math.Max(products, loads)) + perCall);
    }

    /// <summary>A permutation, with its load, and a product of every vector; one permutation a cycle.</summary>
    ConvolutionTile Grouped(delegate*<TileCall*, void> kernel, int pixels)
    {
        const double latency = 4, perCall = 0.25;
        return new(kernel, pixels, 1, Math.Max(latency, pixels * ActivationLayout.BlockLanes * 32 / _bits) + perCall);
    }
}
