using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ResNet.Runtime.Cpu.Convolutions.Tiles;

/// <summary>
/// The cheapest way to cover a run of neighboring pixels, of any length, with tiles of a few sizes; or two runs of equal
/// length, as two rows are, with each tile's halves.
/// </summary>
sealed unsafe class RunTiling
{
    /// <summary>Longer runs begin with the tile that is cheapest per pixel.</summary>
    const int Longest = 64;

    readonly ConvolutionTile[] _tiles;
    readonly int _runs;
    readonly byte[] _first = new byte[Longest + 1];
    readonly double[] _cycles = new double[Longest + 1];
    readonly int _cheapest;
    readonly RunTiling? _pairs;

    public RunTiling(ConvolutionTile[] tiles) : this(tiles, runs: 1)
    {
        ConvolutionTile[] halved = [.. tiles.Where(tile => tile.Pixels % 2 == 0)];
        if (halved.Length > 0) _pairs = new(halved, runs: 2);
    }

    RunTiling(ConvolutionTile[] tiles, int runs)
    {
        (this._tiles, this._runs) = (tiles, runs);
        for (var i = 1; i < tiles.Length; i++)
            if (PerPixel(i) < PerPixel(_cheapest)) _cheapest = i;
        for (var length = 1; length <= Longest; length++)
        {
            _cycles[length] = double.PositiveInfinity;
            for (var i = 0; i < tiles.Length; i++)
            {
                // A tile may reach beyond the end of one run, whose last pixels it leaves out; not beyond both of two.
                var rest = length - tiles[i].Pixels / runs;
                if (rest < 0 && runs > 1) continue;
                var cost = tiles[i].Cycles + _cycles[Math.Max(0, rest)];
                if (cost >= _cycles[length]) continue;
                _cycles[length] = cost;
                _first[length] = (byte)i;
            }
        }

        double PerPixel(int i) => tiles[i].Cycles / tiles[i].Pixels;
    }

    /// <summary>The tile to begin with.</summary>
    public ref readonly ConvolutionTile First(int length) =>
        ref _tiles[length <= Longest ? _first[length] : _cheapest];

    /// <summary>Computes a run of neighboring pixels, or two.</summary>
    /// <param name="call">All but what depends on the place and the tile; of two runs, how far apart they are.</param>
    /// <param name="from">The first input float of the first pixel.</param>
    /// <param name="to">The first pixel's output.</param>
    /// <param name="add">The offset that is added to the first pixel.</param>
    /// <param name="length">Pixels of a run.</param>
    /// <param name="next">From the input of this run to that of the next one, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(TileCall* call, float* from, float* to, float* add, int length, nint next = 0)
    {
        var nextRun = from + next;
        while (length > 0)
        {
            ref readonly var tile = ref First(length);
            var pixels = tile.Pixels;
            if (_runs == 1)
            {
                var half = pixels / 2;
                call->HalfStride = call->PixelStride * half;
                call->OutputHalfStride = call->OutputPixelStride * half;
                call->ResidualHalfStride = call->ResidualPixelStride * half;
            }
            else
            {
                pixels /= 2;
            }
            call->NextTileOffset = length > pixels ? call->PixelStride * pixels : (nint)(nextRun - from);
            tile.Run(call, from, to, add, _runs * Math.Min(length, pixels));
            from += call->PixelStride * pixels;
            to += call->OutputPixelStride * pixels;
            add += call->ResidualPixelStride * pixels;
            length -= pixels;
        }
    }

    /// <summary>Tiles that cover about so many pixels.</summary>
    public int Count(int pixels) => (pixels + _tiles[_cheapest].Pixels - 1) / _tiles[_cheapest].Pixels;

    /// <summary>Cycles for one input channel of one tap.</summary>
    public double Cycles(int length)
    {
        var pixels = _tiles[_cheapest].Pixels / _runs;
        var tilesBefore = Math.Max(0, (length - Longest + pixels - 1) / pixels);
        return tilesBefore * _tiles[_cheapest].Cycles + _cycles[length - tilesBefore * pixels];
    }

    /// <summary>Whether two rows of this width are cheaper when each tile's halves lie in both.</summary>
    public bool TryPair(int width, [NotNullWhen(true)] out RunTiling? pair)
    {
        pair = _pairs is not null && width <= Longest && _pairs.Cycles(width) < 2 * Cycles(width) ? _pairs : null;
        return pair is not null;
    }
}
