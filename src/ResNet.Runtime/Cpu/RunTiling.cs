using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu;

/// <summary>The cheapest way to cover a run of neighbouring pixels, of any length, with tiles of a few sizes.</summary>
sealed unsafe class RunTiling
{
    /// <summary>Longer runs begin with the tile that is cheapest per pixel.</summary>
    const int Longest = 64;

    readonly ConvolutionTile[] tiles;
    readonly byte[] first = new byte[Longest + 1];
    readonly double[] cycles = new double[Longest + 1];
    readonly int cheapest;

    public RunTiling(ConvolutionTile[] tiles)
    {
        this.tiles = tiles;
        for (var i = 1; i < tiles.Length; i++)
            if (PerPixel(i) < PerPixel(cheapest)) cheapest = i;
        for (var length = 1; length <= Longest; length++)
        {
            cycles[length] = double.PositiveInfinity;
            for (var i = 0; i < tiles.Length; i++)
            {
                var cost = tiles[i].Cycles + cycles[Math.Max(0, length - tiles[i].Pixels)];
                if (cost >= cycles[length]) continue;
                cycles[length] = cost;
                first[length] = (byte)i;
            }
        }

        double PerPixel(int i) => tiles[i].Cycles / tiles[i].Pixels;
    }

    /// <summary>The tile to begin a run with.</summary>
    public ref readonly ConvolutionTile First(int length) =>
        ref tiles[length <= Longest ? first[length] : cheapest];

    /// <summary>Computes a run of neighbouring pixels.</summary>
    /// <param name="call">All but what depends on the place and the tile.</param>
    /// <param name="from">The first input float of the first pixel.</param>
    /// <param name="to">The first pixel's output.</param>
    /// <param name="add">What is added to the first pixel.</param>
    /// <param name="length">Pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(TileCall* call, float* from, float* to, float* add, int length)
    {
        while (length > 0)
        {
            ref readonly var tile = ref First(length);
            var half = tile.Pixels / 2;
            call->HalfStride = call->PixelStride * half;
            call->OutputHalfStride = call->OutputPixelStride * half;
            call->ResidualHalfStride = call->ResidualPixelStride * half;
            call->NextTileOffset = call->PixelStride * tile.Pixels;
            tile.Run(call, from, to, add, Math.Min(length, tile.Pixels));
            from += call->PixelStride * tile.Pixels;
            to += call->OutputPixelStride * tile.Pixels;
            add += call->ResidualPixelStride * tile.Pixels;
            length -= tile.Pixels;
        }
    }

    /// <summary>Tiles that cover about so many pixels.</summary>
    public int Count(int pixels) => (pixels + tiles[cheapest].Pixels - 1) / tiles[cheapest].Pixels;

    /// <summary>Cycles of a run for one input channel of one tap.</summary>
    public double Cycles(int length)
    {
        var pixels = tiles[cheapest].Pixels;
        var tilesBefore = Math.Max(0, (length - Longest + pixels - 1) / pixels);
        return tilesBefore * tiles[cheapest].Cycles + cycles[length - tilesBefore * pixels];
    }

    /// <summary>A tile that covers a whole row of this width with each of its halves, cheaper than the rows one by one.</summary>
    public bool TryPair(int width, out ConvolutionTile pair)
    {
        foreach (var tile in tiles)
        {
            if (tile.Pixels != 2 * width || tile.Cycles >= 2 * Cycles(width)) continue;
            pair = tile;
            return true;
        }
        pair = default;
        return false;
    }
}
